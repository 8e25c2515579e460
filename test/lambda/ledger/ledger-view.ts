import fc from 'fast-check';
import type { EventFields } from '../../../core/event/event.ts';
import type { FiguresRow } from '../../../core/figures/row.ts';
import { type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import { hourMs, hourName, hourStart, minuteMs } from '../../../core/log/log-key.ts';
import type { HourReport, LedgerReport } from '../../../lambda/ledger/ledger.ts';
import { ledgerOnce, type RunOptions } from '../../../simulation/functions.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { naiveRows } from '../../core/figures/naive-figures.ts';
import { operatorKeys } from '../../operator-lines.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { logSegments, rowsOf, statesOf } from '../figures-view.ts';
import { home } from '../world-view.ts';

/** What tests of the ledger do to a world and see in it. */

/** Two hours that are over when the world begins, ten minutes into the next one. */
export const early = hourStart(sampleMs) - 2 * hourMs;
export const later = hourStart(sampleMs) - hourMs;

/** By the name of an hour, the text of each row. */
type Shown = Readonly<Record<string, readonly string[]>>;

/** Final rows in force in a region, by hour; with another `isWanted`, those of other hours. */
export function shown(
  world: SimulatedWorld,
  region: RegionName,
  isWanted: (state: HourState) => boolean = isFinal,
): Shown {
  const states = statesOf(world, region).filter(isWanted);
  return Object.fromEntries(states.map((state) => [state.hour, rowsOf(world, state, region).map(rowText).sort()]));
}

function rowText({ key, counters }: FiguresRow): string {
  const sorted = Object.entries(counters).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify({ ...key, ...Object.fromEntries(sorted) }, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  );
}

/** Final figures count a visitor once an hour. Provisional ones count a visitor once a minute. */
type VisitorSpan = 'hour' | 'minute';

/** What has to be shown of these hours when these lines are all there is, counted in the simplest way. */
export function expected(lines: readonly string[], hours: readonly number[], span: VisitorSpan = 'hour'): Shown {
  const rows = naiveRows(lines, span === 'hour' ? hourMs : minuteMs, operatorKeys);
  const rowsOfHour = (hour: string) => rows.filter(({ key }) => key.hour === hour).map(rowText);
  return Object.fromEntries(hours.map(hourName).map((hour) => [hour, rowsOfHour(hour).sort()]));
}

export function put(world: SimulatedWorld, region: RegionName, lines: readonly string[]): void {
  logSegments(world, lines, region);
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

/** What a run at home says about one hour. */
export async function reportOf(
  world: SimulatedWorld,
  hourStartMs: number,
  event?: unknown,
): Promise<HourReport | undefined> {
  const report = await run(world, home, event);
  return report === 'died' ? undefined : report.hours.find(({ hour }) => hour === hourName(hourStartMs));
}

export function pass(world: SimulatedWorld, durationMs: number): Promise<void> {
  return world.time.until(world.time.sleep(durationMs));
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
