import { z } from 'zod';
import type { LoggedLine } from '../../lambda-host/function-logs.ts';
import type { JsonOutcome } from '../json-protocol.ts';
import { jsonAction } from '../json-service.ts';
import { lineFilter } from './filter-pattern.ts';
import { functionOfGroup, type LogScope } from './log-scope.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const input = z.strictObject({
  logGroupName: z.string().min(1).max(512),
  startTime: z.int().min(0).optional(),
  endTime: z.int().min(0).optional(),
  filterPattern: z.string().max(1_024).optional(),
  limit: z.int().min(1).max(10_000).default(10_000),
  nextToken: z
    .string()
    .regex(/^f\/\d{1,15}$/)
    .optional(),
});
type Input = z.output<typeof input>;

/** A page ends at 1 MB of lines, at the limit, or after a number of searched lines. So a page can be empty. */
const pageBytesMax = 1_048_576;
const searchedLinesMax = 20_000;

export const filterLogEvents = jsonAction(
  'logs:FilterLogEvents',
  input,
  ({ logGroupName }: Input, { region, account }: LogScope) =>
    `arn:aws:logs:${region}:${account}:log-group:${logGroupName}:*`,
  (asked, scope): JsonOutcome => {
    const functionName = functionOfGroup(asked.logGroupName, scope);
    const matches = lineFilter(asked.filterPattern);
    if (functionName === undefined) return { error: noSuchGroup };
    if (matches === undefined) return { error: { type: 'InvalidParameterException', message: notModelled } };
    const inGroup = scope.lines().filter((line) => line.functionName === functionName && isInTime(line, asked));
    const { found, next } = page(inGroup, asked, matches);
    return {
      output: {
        events: found.map((line) => eventOf(line)),
        searchedLogStreams: [],
        ...(next !== undefined && { nextToken: `f/${next}` }),
      },
    };
  },
);

const noSuchGroup = { type: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
const notModelled = 'Invalid filter pattern: the local cloud models words and phrases only.';

/** The range includes both ends. */
function isInTime({ atMs }: LoggedLine, { startTime = 0, endTime = Number.POSITIVE_INFINITY }: Input): boolean {
  return atMs >= startTime && atMs <= endTime;
}

/** `next` is the number of the first line of the next page. */
function page(lines: readonly LoggedLine[], { nextToken, limit }: Input, matches: (line: string) => boolean) {
  const from = Number(nextToken?.slice('f/'.length) ?? 0);
  const waiting = lines.filter(({ number }) => number >= from);
  const found: LoggedLine[] = [];
  let bytes = 0;
  for (const [index, line] of waiting.entries()) {
    if (found.length >= limit || bytes >= pageBytesMax || index >= searchedLinesMax)
      return { found, next: line.number };
    if (!matches(line.line)) continue;
    found.push(line);
    bytes += Buffer.byteLength(line.line);
  }
  return { found, next: undefined };
}

function eventOf({ number, atMs, line }: LoggedLine) {
  return {
    logStreamName: 'local',
    timestamp: atMs,
    ingestionTime: atMs,
    message: line,
    eventId: String(number).padStart(56, '0'),
  };
}
