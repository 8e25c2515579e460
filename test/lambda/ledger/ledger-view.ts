import fc from 'fast-check';
import { type EventFields, type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { competingKey } from '../../../core/figures/conversions.ts';
import { isCounterName } from '../../../core/figures/row.ts';
import { parseRowNames } from '../../../core/figures/table-keys.ts';
import { FiguresTally } from '../../../core/figures/tally.ts';
import { hourMs, hourName, hourStart } from '../../../core/log/log-key.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { itemOf } from '../../../lambda/aws/table-expressions.ts';
import type { LedgerReport } from '../../../lambda/ledger/ledger.ts';
import { ledgerOnce, type RunOptions } from '../../../simulation/functions.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';

/** What tests of the ledger do to a world and see in it. */

/** Two hours that are over when the world begins, ten minutes into the next one. */
export const early = hourStart(sampleMs) - 2 * hourMs;
export const later = hourStart(sampleMs) - hourMs;

/** Text of an hour's rows by its name: what is in force. */
export type Shown = Readonly<Record<string, readonly string[]>>;

/** Final rows in force in a region's table, by hour. Throws when rows of an hour that is tidy stand beside them. */
export function shown(world: SimulatedWorld, region: RegionName): Shown {
  const items = itemsOf(world, region);
  const states = items.filter(({ pk }) => `${pk}`.startsWith('hours#'));
  return Object.fromEntries(
    states.map((state) => {
      const rows = items.flatMap((item) => finalRow(item, `${state['sk']}`, `${state['digest']}`.slice(0, 8)));
      return [`${state['sk']}`, rows.sort()];
    }),
  );
}

export function itemsOf(world: SimulatedWorld, region: RegionName) {
  return world.regions[region].figures.all().map((item) => itemOf(item));
}

function finalRow(item: ReturnType<typeof itemOf>, hour: string, digest8: string): readonly string[] {
  const names = parseRowNames({ pk: `${item['pk']}`, sk: `${item['sk']}` });
  if (names?.kind !== 'final' || names.key.hour !== hour) return [];
  if (names.digest8 !== digest8) return ['of another revision'];
  const counters = Object.entries(item).filter(([name]) => isCounterName(name));
  return [rowText(names.key, Object.fromEntries(counters))];
}

function rowText(key: object, counters: object): string {
  const sorted = Object.entries(counters).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({ ...key, ...Object.fromEntries(sorted) }, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
}

/**
 * What has to be shown when these lines are all there is, worked out in the simplest way: everything in the order of ids,
 * the smallest line of each, the first conversion of each key.
 */
export function expected(lines: readonly string[], hours: readonly number[]): Shown {
  const events = new Map<string, LoggedEvent>();
  for (const line of [...lines].sort()) {
    const parsed = parseLine(line);
    if (parsed.kind === 'event' && !events.has(parsed.event.id)) events.set(parsed.event.id, parsed.event);
  }
  const inOrder = [...events.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  const firsts = new Map<string, string>();
  for (const event of inOrder) {
    const key = competingKey(event);
    if (key !== undefined && !firsts.has(key)) firsts.set(key, event.id);
  }
  const tallies = new Map(hours.map((hour) => [hour, new FiguresTally(hourName(hour))]));
  for (const event of inOrder) {
    const key = competingKey(event);
    tallies.get(hourStart(uuidTimeMs(event.id)))?.add(event, key !== undefined && firsts.get(key) !== event.id);
  }
  return Object.fromEntries(
    [...tallies].map(([hour, tally]) => [
      hourName(hour),
      tally
        .rows()
        .map(({ key, counters }) => rowText(key, counters))
        .sort(),
    ]),
  );
}

export function put(world: SimulatedWorld, region: RegionName, lines: readonly string[]): void {
  for (const { key, gzip } of segmentsOf(lines)) world.regions[region].bucket.put(key, gzip);
}

export async function run(
  world: SimulatedWorld,
  region: RegionName,
  event: unknown = { task: 'close' },
  options: RunOptions = {},
): Promise<LedgerReport | 'died'> {
  const result = await world.time.until(ledgerOnce(world, region, event, options));
  return result.kind === 'died' ? 'died' : result.value;
}

/** A little of everything, so that what can meet does: few offers, visitors and conversion keys, over two hours. */
export const anyLine = linesOf(fc.oneof(anyClick(), anyConversion(['0', '4', '8', 'f'])));

export const anyConversionLine = linesOf(anyConversion(['0', '8']));

function linesOf(kind: fc.Arbitrary<EventFields>): fc.Arbitrary<string> {
  return fc
    .record({
      seq: fc.nat(2_000),
      hour: fc.constantFrom(early, later),
      atMs: fc.integer({ min: 0, max: hourMs - 1 }),
      offer: fc.constantFrom(15, 16),
      affiliate: fc.constantFrom(7, 8),
      region: fc.constantFrom('us-east-1', 'us-west-2'),
      kind,
    })
    .map(({ seq, hour, atMs, offer, affiliate, region, kind: fields }) =>
      sampleLine(seq, hour + atMs, { offer_id: offer, aff_id: affiliate, region, currency: 'USD', ...fields }),
    );
}

function anyClick(): fc.Arbitrary<EventFields> {
  return fc.record({
    type: fc.constantFrom('click', 'click', 'impression', 'preview', 'probe'),
    visitor: fc.constantFrom('a', 'b', 'c'),
    payout_type: fc.constantFrom('cpc', 'cpa_flat'),
    payout: fc.constantFrom('0.10', '0.333333'),
  });
}

function anyConversion(digits: readonly string[]): fc.Arbitrary<EventFields> {
  return fc.record({
    type: fc.constant('conversion'),
    conversion_key: fc.constantFrom(...digits).map((digit) => digit.repeat(32)),
    goal_id: fc.constantFrom(0, 3),
    status: fc.constantFrom('approved', 'approved', 'pending', 'rejected'),
    payout_type: fc.constant('cpa_flat'),
    payout: fc.constantFrom('1', '2.50'),
    revenue_type: fc.constant('cpa_percentage'),
    revenue_percent: fc.constant('12.5'),
    amount: fc.constantFrom('10', '0.01'),
  });
}
