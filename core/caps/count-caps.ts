import type { Counters, FiguresRow } from '../figures/row.ts';
import { type CapMeasure, capMeasures } from './cap.ts';
import type { OwnerNumbers } from './capped-owners.ts';

/**
 * What owners of caps have used, by measure, and by whether the home region or another one captured it. All sums are in
 * one array, because 10,000 owners are counted for 200 parts of a day, and are added up again every minute.
 */
export class CapSums {
  readonly #sums: BigInt64Array;

  constructor(owners: number) {
    // One more than the owners: the clicks of the whole network.
    this.#sums = new BigInt64Array((owners + 1) * sumsOfOwner);
  }

  of(owner: number, measure: CapMeasure, from: CapturedIn): bigint {
    return this.#sums[placeOf(owner, measure, from)] ?? 0n;
  }

  /** All clicks of the network. They show how traffic is shared where one cap has too few. */
  clicksOfNetwork(from: CapturedIn): bigint {
    return this.of(this.#sums.length / sumsOfOwner - 1, 'click', from);
  }

  addRow(row: FiguresRow, numbers: OwnerNumbers, homeRegion: string): void {
    const { offerId, affiliateId, goalId, region, currency } = row.key;
    const from = region === homeRegion ? 'home' : 'elsewhere';
    const clicks = clicksOf(row.counters);
    // Clicks that caps refuse are traffic too: where all offers are capped, there may be no others.
    this.#add(numbers.owners.length, 'click', from, clicks + (row.counters.rejected_clicks ?? 0n));
    for (const number of numbers.of(offerId, affiliateId)) {
      const owner = numbers.owners[number];
      if (owner === undefined || (goalId !== 0 && !owner.countsGoals)) continue;
      if (clicks !== 0n) this.#add(number, 'click', from, clicks);
      this.#add(number, 'conversion', from, conversionsOf(row.counters));
      if (currency !== owner.currency) continue;
      this.#add(number, 'payout', from, moneyOf(row.counters, 'payout_micros'));
      this.#add(number, 'revenue', from, moneyOf(row.counters, 'revenue_micros'));
    }
  }

  add(other: CapSums): void {
    const [sums, more] = [this.#sums, other.#sums];
    // By index: an iterator takes four times as long.
    for (let place = 0; place < more.length; place += 1) {
      const sum = more[place] ?? 0n;
      if (sum !== 0n) sums[place] = (sums[place] ?? 0n) + sum;
    }
  }

  subtract(other: CapSums): void {
    const [sums, less] = [this.#sums, other.#sums];
    for (let place = 0; place < less.length; place += 1) {
      const sum = less[place] ?? 0n;
      if (sum !== 0n) sums[place] = (sums[place] ?? 0n) - sum;
    }
  }

  #add(owner: number, measure: CapMeasure, from: CapturedIn, count: bigint): void {
    if (count === 0n) return;
    const place = placeOf(owner, measure, from);
    this.#sums[place] = (this.#sums[place] ?? 0n) + count;
  }
}

export type CapturedIn = 'home' | 'elsewhere';

const sumsOfOwner = 2 * capMeasures.length;
const measurePlaces = { conversion: 0, payout: 1, revenue: 2, click: 3 } as const satisfies Record<CapMeasure, number>;

function placeOf(owner: number, measure: CapMeasure, from: CapturedIn): number {
  return owner * sumsOfOwner + (from === 'home' ? 0 : capMeasures.length) + measurePlaces[measure];
}

/** The sums of rows. Rows of several parts add up. */
export function countCaps(rows: Iterable<FiguresRow>, numbers: OwnerNumbers, homeRegion: string): CapSums {
  const sums = new CapSums(numbers.owners.length);
  for (const row of rows) sums.addRow(row, numbers, homeRegion);
  return sums;
}

/** What is over a hard cap takes no room, and neither does what an operator paid although it was over. */
function clicksOf({ clicks = 0n, over_cap_clicks: over = 0n }: CapCounters): bigint {
  return clicks - over;
}

/** A pending conversion holds its room. */
function conversionsOf({ approved = 0n, pending = 0n, over_cap_paid: paid = 0n }: CapCounters): bigint {
  return approved + pending - paid;
}

function moneyOf(counters: CapCounters, name: 'payout_micros' | 'revenue_micros'): bigint {
  return (counters[name] ?? 0n) + (counters[`pending_${name}`] ?? 0n) - (counters[`over_cap_paid_${name}`] ?? 0n);
}

/** The corrections of a day that the ledger has counted (core/ledger/day-state.ts) have these counters too. */
type CapCounters = Counters &
  Readonly<
    Partial<
      Record<
        'over_cap_clicks' | 'over_cap_paid' | 'over_cap_paid_payout_micros' | 'over_cap_paid_revenue_micros',
        bigint
      >
    >
  >;
