import { HourFold, type Share } from '../../core/ledger/hour-fold.ts';
import type { HourListing } from '../../core/ledger/listing.ts';
import { type Pass, passOf } from '../../core/ledger/pass.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { readSegments } from './read-segments.ts';
import { done, type LedgerPorts, type Step } from './steps.ts';

/** What is read, and for which revision: partial results of another listing are other ones. */
export interface HourToFold {
  readonly hourStartMs: number;
  readonly listing: HourListing;
  readonly revision: number;
}

/** `too-much`: more events than a pass may hold; with more parts there are fewer in each. */
export type Tried<T> = Step<T> | 'too-much';

/** Read again when lines of the same id differ: only with their ids known beforehand they can be held back. */
export async function makePass(hour: HourToFold, part: Share, ports: LedgerPorts, endMs: number): Promise<Tried<Pass>> {
  let contested: ReadonlySet<string> = new Set();
  for (;;) {
    const fold = new HourFold(hourName(hour.hourStartMs), part, contested);
    const isFull = () => fold.size > limits.ledger.passEventsMax;
    const read = await readSegments(hour.listing, ports, endMs, (plain) => {
      fold.add(plain);
      return isFull() ? 'stop' : 'go on';
    });
    if (read.kind === 'left') return read;
    if (isFull()) return 'too-much';
    if (fold.contested.size === 0) {
      fold.finish();
      return done(passOf(fold, read.value));
    }
    contested = new Set([...contested, ...fold.contested]);
  }
}
