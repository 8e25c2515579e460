import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { provisionalFigures } from '../checks/figures.ts';
import { missingWords } from '../checks/operator-words.ts';
import type { OperatorWord } from '../load/operator-words.ts';
import type { SentRecord } from '../load/sent-record.ts';
import type { CatalogText } from '../oracle/catalog-text.ts';
import { expectedEvents } from '../oracle/expected-event.ts';
import { expectedOfStats } from './expected-of-stats.ts';
import { readLog } from './log-view.ts';
import { readFigures } from './region-figures.ts';

const lookIntervalMs = 500;
const patienceMs = 30_000;

/** What the drill knows of a running cloud. Nothing new may be sent meanwhile. */
interface Known {
  readonly records: readonly SentRecord[];
  readonly catalog: CatalogText;
  /** What operators have said so far. */
  readonly words: readonly OperatorWord[];
}

/**
 * Waits until the provisional figures of the region are right, although the other region may never come back. They have
 * every acknowledged conversion and every word of an operator. Of clicks and impressions they have those in the region's
 * log, because the other region may still hold some. Returns the problems that are left.
 */
export async function figuresProblems(
  cloud: LocalCloud,
  clock: Clock,
  region: string,
  known: Known,
): Promise<readonly string[]> {
  const startMs = clock.nowMs();
  for (;;) {
    const problems = problemsNow(cloud, cloud.state().nowMs, region, known);
    if (problems.length === 0 || clock.nowMs() - startMs >= patienceMs) return problems;
    await clock.sleep(lookIntervalMs);
  }
}

function problemsNow(
  cloud: LocalCloud,
  nowMs: number,
  region: string,
  { records, catalog, words }: Known,
): readonly string[] {
  const log = readLog(cloud, region, cloud.logKeys(region));
  const events = expectedEvents(records, [log]).filter(({ id, type }) => type === 'conversion' || log.events.has(id));
  const expectedSoon = expectedOfStats(events, catalog, nowMs);
  const provisional = [readFigures(cloud, region, 'provisional')];
  return [...missingWords(words, log), ...provisionalFigures({ expectedSoon, provisional })];
}
