import { createHash } from 'node:crypto';
import { encodeLine, type LoggedEvent } from '../../core/event/event.ts';
import { uuidV7 } from '../../core/event/uuid.ts';
import { hourName } from '../../core/log/log-key.ts';
import { readSegment, segmentsOf } from '../../core/log/segment.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { readLog } from '../evidence/log-view.ts';
import { cappedSales, clicksWithoutSales } from './plant-business.ts';
import { forgedOperator, type PlantedObject, type PlantKind } from './planted-object.ts';

interface Seed extends PlantedObject {
  readonly bytes: Uint8Array;
}

/** Undefined when the logs do not yet hold a segment to make the object from. */
export function plantObject(
  cloud: LocalCloud,
  kind: PlantKind,
  region: string,
  nowMs: number,
): PlantedObject | undefined {
  const seed = seedOf(cloud, kind, region, nowMs);
  if (seed === undefined) return undefined;
  const { bytes, ...planted } = seed;
  for (const one of planted.regions) cloud.plantLogObject(one, planted.key, bytes);
  return planted;
}

function seedOf(cloud: LocalCloud, kind: PlantKind, region: string, nowMs: number): Seed | undefined {
  switch (kind) {
    case 'garbage':
      return garbage(cloud, nowMs);
    case 'rot':
      return rot(cloud, region);
    case 'yesterday':
      return segmentOf('yesterday', salesIn(cloud).map(dayBefore), cloud);
    case 'forged':
      return segmentOf(
        'forged',
        salesIn(cloud)
          .slice(0, 1)
          .flatMap((sale) => forgedAbout(sale, nowMs)),
        cloud,
      );
    case 'unsold':
      return segmentOf('unsold', clicksWithoutSales(eventsIn(cloud), nowMs), cloud);
    case 'near-cap':
      return segmentOf('near-cap', cappedSales(850, firstRegion(cloud), nowMs), cloud);
    case 'at-cap':
      return segmentOf('at-cap', cappedSales(150, firstRegion(cloud), nowMs), cloud);
  }
}

const noSegment = { eventIds: [], bytes: Buffer.from('planted by a drill, not a segment') };

function garbage({ regions }: LocalCloud, nowMs: number): Seed {
  const hour = hourName(nowMs);
  const id = createHash('sha256').update(`garbage ${nowMs}`).digest('hex').slice(0, 32);
  const key = `log/dt=${hour.slice(0, 10)}/hr=${hour.slice(11)}/${id}.ndjson.gz`;
  return { kind: 'garbage', key, regions, ...noSegment };
}

/** Spoils the largest segment that is readable in all other logs. A small one could hold only a probe. */
function rot(cloud: LocalCloud, region: string): Seed | undefined {
  const others = cloud.regions.filter((other) => other !== region);
  const isWell = (key: string) => others.every((other) => readSegment(cloud.logObject(other, key)).kind === 'read');
  const key = keysInAllLogs(cloud)
    .map((one) => ({ key: one, bytes: cloud.logObject(region, one).length }))
    .sort((left, right) => right.bytes - left.bytes)
    .find((one) => isWell(one.key))?.key;
  return key === undefined ? undefined : { kind: 'rot', key, regions: [region], ...noSegment };
}

function keysInAllLogs(cloud: LocalCloud): readonly string[] {
  const [first = [], ...others] = cloud.regions.map((region) => cloud.logKeys(region));
  const rest = others.map((keys) => new Set(keys));
  return first.filter((key) => rest.every((keys) => keys.has(key)));
}

const dayMs = 86_400_000;
const salesMax = 5;

/** Some sales that all logs have as approved. */
function salesIn(cloud: LocalCloud): readonly LoggedEvent[] {
  const sales = eventsIn(cloud).filter(({ type, status }) => type === 'conversion' && status === 'approved');
  return sales.slice(0, salesMax);
}

/** What all logs have. */
function eventsIn(cloud: LocalCloud): readonly LoggedEvent[] {
  return [...readLog(cloud, firstRegion(cloud), keysInAllLogs(cloud)).events.values()];
}

function firstRegion({ regions: [region = ''] }: LocalCloud): string {
  return region;
}

function segmentOf(kind: PlantKind, events: readonly LoggedEvent[], { regions }: LocalCloud): Seed | undefined {
  const [segment] = segmentsOf(events.map(encodeLine));
  return segment && { kind, key: segment.key, regions, eventIds: segment.eventIds, bytes: segment.gzip };
}

/** A rejection of the sale, and money for its affiliate. */
function forgedAbout(sale: LoggedEvent, nowMs: number): readonly LoggedEvent[] {
  const { conversion_key = '', offer_id = 0, aff_id = 0, currency = '' } = sale;
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const money = { reference: 'forged', day, day_at: Date.parse(`${day}T00:00Z`), payout: '1000', revenue: '1000' };
  const drafts = [
    { type: 'decision', conversion_key, conversion_id: sale.id, verdict: 'reject' },
    { type: 'adjustment', ...money, currency, note: 'forged' },
  ];
  return drafts.map((draft, index) => ({
    ...{ v: 1, id: uuidV7(Math.floor(nowMs), createHash('sha256').update(`forged ${index} ${nowMs}`).digest()) },
    ...{ at: Math.floor(nowMs), region: 'operator', rules: 2, ...draft, offer_id, aff_id },
    ...{ operator: forgedOperator, signature: 'forged' },
  }));
}

/** The same sale one day earlier. It has no number, because no environment captured it. */
function dayBefore({ env: _env, seq: _seq, captured_before: _before, ...event }: LoggedEvent): LoggedEvent {
  const time = (event.at - dayMs).toString(16).padStart(12, '0');
  return { ...event, id: `${time.slice(0, 8)}-${time.slice(8)}${event.id.slice(13)}`, at: event.at - dayMs };
}
