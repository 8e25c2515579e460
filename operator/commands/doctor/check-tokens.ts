import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { liveDoors } from '../../../core/config/front-doors.ts';
import { metricNamespace } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import { metrics } from '../../../core/metrics.ts';
import { awsAnswer } from '../../clients/aws-answer.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck } from './region-check.ts';

const what = 'security tokens over port 80';
const dayMs = 86_400_000;

/** Postbacks with a token that came unencrypted. They count, and everybody on the way could read the token. */
export const checkTokens: AccountCheck = async ({ deployment, region, shell }) => {
  const { config, clientOptions } = deployment;
  if (!liveDoors(config).includes('alb')) return [];
  const nowMs = shell.clock.nowMs();
  const client = new CloudWatchClient(clientOptions(region));
  const Metric = { Namespace: metricNamespace(config), MetricName: metrics.tokensOverHttp };
  const command = new GetMetricDataCommand({
    MetricDataQueries: [{ Id: 'tokens', MetricStat: { Metric, Period: dayMs / 1_000, Stat: 'Sum' } }],
    StartTime: new Date(nowMs - limits.doctor.overHttpDays * dayMs),
    EndTime: new Date(nowMs + 60_000),
  });
  const answer = await awsAnswer(async () => (await client.send(command)).MetricDataResults?.[0]?.Values ?? []);
  client.destroy();
  if (answer.kind === 'failed') return [unreadable(region, what, answer.reason)];
  return judgeTokens(
    region,
    answer.value.reduce((sum, value) => sum + value, 0),
  );
};

export function judgeTokens(region: string, count: number): readonly Finding[] {
  if (count === 0) return [];
  const expected = `none in ${limits.doctor.overHttpDays} days`;
  const todo =
    'find the advertisers by over_http in the event log, let them post to https://, and give them new tokens (docs/links.md)';
  return [{ region, what, expected, found: String(count), todo }];
}
