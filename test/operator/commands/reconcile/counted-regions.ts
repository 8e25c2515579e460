import fc from 'fast-check';
import { type EventFields, encodeLine, type LoggedEvent, parseLine } from '../../../../core/event/event.ts';
import { uuidTimeMs } from '../../../../core/event/uuid.ts';
import { competingKey } from '../../../../core/figures/sales-part.ts';
import type { HourState } from '../../../../core/ledger/hour-state.ts';
import { ListingSum } from '../../../../core/ledger/listing-sum.ts';
import { hourMs, hourName, hourStart } from '../../../../core/log/log-key.ts';
import { readSegment } from '../../../../core/log/segment.ts';
import { agrees, type ComparedHour, reconcileHours } from '../../../../operator/commands/reconcile/reconcile-hours.ts';
import { naiveRows } from '../../../core/figures/naive-figures.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { FiguresDouble } from '../../figures/figures-double.ts';
import { LogDouble } from '../../log-double.ts';

/** Two regions with a log and figures each, counted here in the simplest way. */

export const [early, later] = [hourStart(sampleMs) - 2 * hourMs, hourStart(sampleMs) - hourMs];
export const hours = [hourName(early), hourName(later)] as const;

export class CountedRegion {
  readonly region: string;
  readonly log: LogDouble;
  readonly figures: FiguresDouble;

  constructor(region: string) {
    this.region = region;
    this.log = new LogDouble(region);
    this.figures = new FiguresDouble(region);
  }

  /** Counts what the log has now. `hourNames` become final, unless `changes` say something else. */
  async count(changes: Partial<HourState> = {}, hourNames: readonly string[] = hours): Promise<void> {
    const all = this.#events();
    const firsts = new Map<string, string>();
    for (const { key, id } of all.flatMap((event) => ({ key: competingKey(event) ?? '', id: event.id }))) {
      if (key !== '' && !firsts.has(key)) firsts.set(key, id);
    }
    for (const [key, id] of firsts) this.figures.setFirst(key, id);
    for (const hour of hourNames) {
      const events = all.filter(({ id }) => hourName(uuidTimeMs(id)) === hour);
      const listed = await this.log.segments(Date.parse(`${hour}:00Z`));
      const segments = listed.kind === 'ok' ? listed.value : [];
      const listing = new ListingSum();
      for (const segment of segments) listing.add(segment);
      const size = { segments: segments.length, events: events.length, listing: listing.digest };
      const unreadable = segments.map(({ key }) => key).filter((key) => this.#linesOf(key) === undefined);
      const rows = naiveRows(all.map(encodeLine)).filter(({ key }) => key.hour === hour);
      this.figures.count(hour, rows, { ...size, unreadable, ...changes });
    }
  }

  /** Each event once, by id. Of differing lines the smallest counts. */
  #events(): readonly LoggedEvent[] {
    const lines = [...this.log.held.keys()].flatMap((key) => this.#linesOf(key) ?? []).sort();
    const byId = new Map<string, LoggedEvent>();
    for (const line of lines) {
      const parsed = parseLine(line);
      if (parsed.kind === 'event' && !byId.has(parsed.event.id)) byId.set(parsed.event.id, parsed.event);
    }
    return [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  #linesOf(key: string): readonly string[] | undefined {
    const segment = readSegment(this.log.held.get(key)?.body ?? new Uint8Array());
    return segment.kind === 'read' ? segment.lines : undefined;
  }
}

export function reconciled(
  regions: readonly CountedRegion[],
  [east, west] = regions,
): Promise<readonly ComparedHour[]> {
  const asked = regions.map(({ region, log, figures }) => {
    const other = region === east?.region ? west : east;
    return { reader: figures.reader(), log, otherLog: other?.log ?? new LogDouble('elsewhere') };
  });
  return reconcileHours(hours, asked, () => {});
}

/** `2026-11-23T03 us-east-1 late` for each differing hour, region and cause. */
export function verdicts(compared: readonly ComparedHour[]): readonly string[] {
  return compared
    .filter((one) => !agrees(one))
    .flatMap(({ hour, regions, failed, regionsDiffer }) => [
      ...regions
        .filter(({ differences }) => differences.length > 0)
        .map(({ region, causes }) => `${hour} ${region} ${causes.map(({ kind }) => kind).join()}`),
      ...failed.map(({ region, reason }) => `${hour} ${region} failed: ${reason}`),
      ...(regionsDiffer ? [`${hour} regions differ`] : []),
    ]);
}

/** A little of everything, so that what can meet does: few offers, visitors and conversion keys, over two hours. */
export const anyLine = fc
  .record({
    seq: fc.nat(2_000),
    hour: fc.constantFrom(early, later),
    atMs: fc.integer({ min: 0, max: hourMs - 1 }),
    offer: fc.constantFrom(15, 16),
    region: fc.constantFrom('us-east-1', 'us-west-2'),
    kind: fc.oneof(anyClick(), anyConversion()),
  })
  .map(({ seq, hour, atMs, offer, region, kind }) =>
    sampleLine(seq, hour + atMs, { offer_id: offer, aff_id: 7, region, currency: 'USD', ...kind }),
  );

function anyClick(): fc.Arbitrary<EventFields> {
  return fc.record({
    type: fc.constantFrom('click', 'click', 'impression', 'preview', 'probe', 'decision'),
    visitor: fc.constantFrom('a', 'b', 'c'),
    payout_type: fc.constantFrom('cpc', 'cpa_flat'),
    payout: fc.constantFrom('0.10', '0.333333'),
  });
}

function anyConversion(): fc.Arbitrary<EventFields> {
  return fc.record({
    type: fc.constant('conversion'),
    conversion_key: fc.constantFrom('0', '4', 'f').map((digit) => digit.repeat(32)),
    status: fc.constantFrom('approved', 'approved', 'pending', 'rejected'),
    payout_type: fc.constant('cpa_flat'),
    payout: fc.constantFrom('1', '2.50'),
  });
}
