import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { functionName } from '../../core/config/resource-names.ts';
import type { FunctionPart } from '../../core/config/settings.ts';
import { unconfirmedKey } from '../../core/event/unconfirmed.ts';
import { type AwsAnswer, awsAnswer } from './aws-answer.ts';
import type { Deployment } from './deployment.ts';

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

interface LogPage {
  readonly texts: readonly string[];
  /** Absent on the last page. An empty page need not be the last one. */
  readonly next?: string;
}

/** Reads the log lines of a function in one region that name unconfirmed events. */
export interface LogReader {
  page(range: TimeRange, next?: string): Promise<AwsAnswer<LogPage>>;
  close(): void;
}

/** The functions that log an event when no queue takes it. */
export const unconfirmedLogs = ['track', 'notify'] as const satisfies readonly FunctionPart[];

export function openLogReader(
  { config, clientOptions }: Deployment,
  region: string,
  part: (typeof unconfirmedLogs)[number],
): LogReader {
  const client = new CloudWatchLogsClient(clientOptions(region));
  const logGroupName = `/aws/lambda/${functionName(config, part)}`;
  return {
    async page({ fromMs, toMs }, next) {
      const command = new FilterLogEventsCommand({
        logGroupName,
        startTime: fromMs,
        endTime: toMs,
        // A word and not a JSON pattern, so that damaged lines are found and counted too.
        filterPattern: `"${unconfirmedKey}"`,
        ...(next !== undefined && { nextToken: next }),
      });
      const answer = await awsAnswer(() => client.send(command));
      if (answer.kind === 'failed') return answer;
      const { events = [], nextToken } = answer.value;
      const texts = events.map(({ message }) => message ?? '');
      return { kind: 'ok', value: { texts, ...(nextToken !== undefined && { next: nextToken }) } };
    },
    close: () => client.destroy(),
  };
}
