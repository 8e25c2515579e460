import { limits } from '../../core/limits.ts';
import { hourMs, hourNamed } from '../../core/log-key.ts';
import { atOnce } from '../at-once.ts';
import type { LogBucket } from '../log-bucket.ts';
import type { Figures } from './read-figures.ts';

const { emptyHoursMax, queriesAtOnce } = limits.report;

/**
 * Hours that are over and of which the log has nothing: nobody makes them final, such as those before a region was
 * deployed, and there is nothing to wait for. Only hours without figures are looked up, and only so many.
 */
export async function emptyHours(
  hours: readonly string[],
  { states, rows }: Figures,
  log: Pick<LogBucket, 'segments'>,
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const counted = new Set(rows.map(({ key }) => key.hour));
  const unknown = hours.filter((hour) => !states.has(hour) && !counted.has(hour) && hourNamed(hour) + hourMs <= nowMs);
  const empty = new Set<string>();
  await atOnce(unknown.slice(0, emptyHoursMax), queriesAtOnce, async (hour) => {
    const listed = await log.segments(hourNamed(hour));
    if (listed.kind === 'ok' && listed.value.segments.length === 0) empty.add(hour);
  });
  return empty;
}
