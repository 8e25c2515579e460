import { hourMs, hourName, hourStart } from '../../../core/log/log-key.ts';
import { compareLogs } from '../../../eventlog/compare-logs.ts';
import { plural } from '../../cli/format.ts';
import { nextHour } from '../../clients/log-client.ts';
import { Pace } from './pace.ts';
import { type Replacement, ReplacementFailure } from './replacement.ts';

/** What stands in a log bucket besides the log and its figures, and is kept for ever. */
const keptPrefixes = ['catalog/', 'operators/', 'periods/', 'switches/'];

const dayMs = 24 * hourMs;

export async function copyKept(run: Replacement): Promise<void> {
  for (const prefix of keptPrefixes) await run.copy(await run.lacking(prefix));
}

/** Start of the first hour of a region's log, ms since the epoch. Undefined when the log is empty. */
export function firstHourOf(run: Replacement, side: 'survivor' | 'fresh'): Promise<number | undefined> {
  const { bucket, bucketName } = run[side];
  return run.call(`${bucketName}/log/ cannot be listed`, () => nextHour(0, bucket.list));
}

/**
 * Copies the segments that the fresh log lacks, byte by byte, the newest day first. Gives how many. The listings of
 * both logs say what is lacking, so a run that was killed needs no note of where it was.
 */
export async function copyLog(run: Replacement, firstMs: number): Promise<number> {
  const days = daysSince(firstMs, run.clock.nowMs());
  const pace = new Pace(run.clock, run.progress);
  let copied = 0;
  for (const [index, day] of days.entries()) {
    await eachStretch(run, `log/dt=${day}/`, async (lacking) => {
      await run.copy(lacking);
      copied += lacking.length;
      pace.done(
        `log: day ${index + 1} of ${days.length} (${day}), ${plural(copied, 'segment')} copied`,
        index / days.length,
      );
    });
  }
  run.progress(`log: ${plural(days.length, 'day')} compared, ${plural(copied, 'segment')} copied`);
  return copied;
}

/** The newest first. A clock of another machine can be some minutes ahead. */
function daysSince(firstMs: number, nowMs: number): readonly string[] {
  const latestMs = hourStart(nowMs) + hourMs;
  const count = Math.floor(latestMs / dayMs) - Math.floor(firstMs / dayMs) + 1;
  return Array.from({ length: count }, (_, back) => hourName(latestMs - back * dayMs).slice(0, 10));
}

/** Some thousand keys at a time, so memory does not grow with the log. */
async function eachStretch(
  { survivor, fresh }: Replacement,
  prefix: string,
  use: (lacking: readonly string[]) => Promise<void>,
): Promise<void> {
  const next = compareLogs(prefix, {
    home: { name: survivor.bucketName, bucket: survivor.bucket },
    peer: { name: fresh.bucketName, bucket: fresh.bucket },
  });
  for (;;) {
    const stretch = await next();
    if (stretch === undefined) {
      throw new ReplacementFailure(
        `${survivor.bucketName}/${prefix} and ${fresh.bucketName}/${prefix} cannot both be listed`,
      );
    }
    await use(stretch.missing.filter(({ lackedBy }) => lackedBy === 'peer').map(({ key }) => key));
    if (stretch.end === undefined) return;
  }
}
