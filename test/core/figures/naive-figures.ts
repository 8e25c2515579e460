import { compareLines, type LoggedEvent } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { visitorKey } from '../../../core/figures/classify.ts';
import { competingKey } from '../../../core/figures/conversions.ts';
import { effectOf, effectRow } from '../../../core/figures/effect.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { RowSum } from '../../../core/figures/row-sum.ts';
import { eventOf } from './fold-lines.ts';

/**
 * Figures counted in the simplest way: everything in the order of ids, one line of each id, the first conversion of each
 * key. `span`: for how long a visitor counts once, in milliseconds.
 */
export function naiveRows(lines: readonly string[], span = 3_600_000): readonly FiguresRow[] {
  const events = distinctEvents(lines);
  const [firsts, visits] = [new Map<string, string>(), new Set<string>()];
  const sum = new RowSum();
  for (const event of events) {
    const key = competingKey(event);
    if (key !== undefined && !firsts.has(key)) firsts.set(key, event.id);
    const effect = effectOf(event, key !== undefined && firsts.get(key) !== event.id);
    if (effect === undefined) continue;
    sum.add([effectRow(effect)]);
    const { offerId, affiliateId } = effect.key;
    const visit = [Math.floor(uuidTimeMs(event.id) / span), offerId, affiliateId, visitorKey(event)].join('#');
    if (effect.counter !== 'clicks' || visits.has(visit)) continue;
    visits.add(visit);
    sum.add([{ key: effect.key, counters: { unique_clicks: 1n } }]);
  }
  return sum.rows();
}

/** In the order of ids. Of several lines of one id a redacted one counts, or else the smallest text. */
export function distinctEvents(lines: readonly string[]): readonly LoggedEvent[] {
  const byId = new Map<string, LoggedEvent>();
  for (const event of [...lines].sort(compareLines).map(eventOf)) if (!byId.has(event.id)) byId.set(event.id, event);
  return [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}
