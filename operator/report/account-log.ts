import { type Account, AccountBook, totalAccount } from '../../core/accounting.ts';
import { limits } from '../../core/limits.ts';
import { hourNamed, hourPrefix, parseLogKey } from '../../core/log-key.ts';
import type { Clock } from '../../core/ports.ts';
import { readSegment } from '../../core/segment.ts';
import { atOnce } from '../at-once.ts';
import type { LogBucket } from '../log-bucket.ts';

/** What the numbers of events in one region's log say of those that it has not. */
export interface LogAccount {
  /** Names of the hours that were read, the newest first: as many as a report has time for. */
  readonly hours: readonly string[];
  readonly segments: number;
  readonly account: Account;
}

const { accountMs, accountSegmentsMax, segmentsAtOnce } = limits.report;

/** Whole hours only, newest first, until the time is over; one that cannot be read ends it. `unreachable`: regions that nobody can ask. */
export async function accountLog(
  region: string,
  bucket: LogBucket,
  hours: readonly string[],
  unreachable: readonly string[],
  clock: Clock,
): Promise<LogAccount> {
  const book = new AccountBook([region]);
  const done: string[] = [];
  let segments = 0;
  const endMs = clock.nowMs() + accountMs;
  for (const hour of hours.toReversed()) {
    const keys = clock.nowMs() < endMs ? await keysOf(bucket, hour) : undefined;
    if (keys === undefined || segments + keys.length > accountSegmentsMax) break;
    const lines = await linesOf(bucket, keys);
    if (lines === undefined) break;
    for (const line of lines) book.addLogged(region, line);
    segments += keys.length;
    done.push(hour);
  }
  const account = totalAccount(book.accounts({ intake: [], owed: [], printed: undefined, unreachable }));
  return { hours: done, segments, account };
}

async function keysOf(bucket: LogBucket, hour: string): Promise<readonly string[] | undefined> {
  const listed = await bucket.list(hourPrefix(hourNamed(hour)));
  if (listed.kind === 'failed' || !listed.value.complete) return undefined;
  return listed.value.objects.map(({ key }) => key).filter((key) => parseLogKey(key) !== undefined);
}

/** What is no segment has no numbers. */
async function linesOf(bucket: LogBucket, keys: readonly string[]): Promise<readonly string[] | undefined> {
  const lines: string[] = [];
  let failed = false;
  await atOnce(keys, segmentsAtOnce, async (key) => {
    const object = failed ? undefined : await bucket.get(key);
    if (object?.kind !== 'ok') failed = true;
    else {
      const segment = readSegment(object.value.body);
      if (segment.kind === 'read') lines.push(...segment.lines);
    }
  });
  return failed ? undefined : lines;
}
