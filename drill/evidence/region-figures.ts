import { gunzipSync } from 'node:zlib';
import { parseObject } from '../../core/parse-json.ts';
import type { LocalCloud } from '../../local/handle.ts';
import {
  type Counts,
  eventClasses,
  type FiguresByRow,
  moneyCounters,
  overCapCounters,
} from '../oracle/expected-figures.ts';

/** Figures in the bucket of one region's log. The drill does not use the code that reads them for users. */
export type RegionFigures =
  | ({
      readonly kind: 'figures';
      readonly region: string;
      /** From every hour that has figures to the revision in force. Provisional figures have revision 0. */
      readonly revisions: ReadonlyMap<string, number>;
    } & FiguresByRow)
  /** The region runs a release that makes no figures. */
  | { readonly kind: 'none'; readonly region: string };

export function readFigures(cloud: LocalCloud, region: string, which: WhichHours): RegionFigures {
  return ledgerOf(cloud, region) === undefined ? { kind: 'none', region } : figuresIn(cloud, region, which);
}

/** The hours whose figures are still provisional, or those whose figures are final. */
type WhichHours = 'provisional' | 'final';
type Buckets = Pick<LocalCloud, 'logKeys' | 'logObject'>;

export function figuresIn(buckets: Buckets, region: string, which: WhichHours): RegionFigures {
  const hours = readHours(buckets, region);
  const chosen = hours.filter(({ revision }) => revision > 0 === (which === 'final'));
  const rows = sumByName(chosen.flatMap((hour) => hour.rows));
  return {
    kind: 'figures',
    region,
    revisions: new Map(hours.map(({ hour, revision }) => [hour, revision])),
    rows,
    hourUniques: hourUniquesOf(rows),
    ...readDays(buckets, region),
  };
}

/** A quarter has the row of one name up to twice: for its clicks and for its conversions. */
function sumByName(rows: readonly Fields[]): ReadonlyMap<string, Counts> {
  const sums = new Map<string, Map<string, bigint>>();
  for (const row of rows) {
    const sum = sums.get(rowName(row)) ?? new Map<string, bigint>();
    sums.set(rowName(row), sum);
    for (const [name, count] of countersOf(row)) sum.set(name, (sum.get(name) ?? 0n) + count);
  }
  return sums;
}

/** The name of the region's ledger function; undefined in a release that has none. */
export function ledgerOf(cloud: LocalCloud, region: string): string | undefined {
  const functions = cloud.state().regions.find((one) => one.region === region)?.functions ?? [];
  return functions.find(({ name }) => name.endsWith('-ledger'))?.name;
}

/** The figures in force of one hour. */
export interface HourInForce {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 0 while the figures are provisional. */
  readonly revision: number;
  /** Of all quarters. Each has the names of its key, and its counters. */
  readonly rows: readonly Fields[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Every hour that has figures. An object that a state names and the bucket lacks is read as empty. */
export function readHours(buckets: Buckets, region: string): readonly HourInForce[] {
  const keys = new Set(buckets.logKeys(region, 'ledger/dt='));
  return [...keys].filter(isState).map((key) => {
    const { hour, revision, quarters = [] } = parseObject(textOf(buckets.logObject(region, key))) ?? {};
    // The rows of conversions stand in an object of their own, because they change when those of clicks do not.
    const parts = (quarters as readonly Record<string, Fields>[]).flatMap(({ clicks, sales }) => [clicks, sales]);
    const names = parts.map((part) => key.replace(/state\.json$/, `figures-${part?.['figures']}.ndjson.gz`));
    const rows = names.filter((name) => keys.has(name)).flatMap((name) => linesOf(buckets.logObject(region, name)));
    return { hour: String(hour), revision: Number(revision), rows };
  });
}

/**
 * The object `uniques` of a day has the visitors of each offer and affiliate, and then rows of what is paid for them. The
 * object `caps` has the conversions that are over a hard cap, and then rows of what that changes.
 */
function readDays(buckets: Buckets, region: string): Pick<FiguresByRow, 'dayUniques' | 'payable'> {
  const states = buckets.logKeys(region, 'ledger/days/').filter(isState);
  const lines = states.flatMap((key) => {
    const { day, uniques, caps } = parseObject(textOf(buckets.logObject(region, key))) ?? {};
    const { object } = (caps ?? {}) as Fields;
    const names = [`uniques-${uniques}`, ...(object === undefined ? [] : [`caps-${object}`])];
    const objects = names.map((name) => key.replace(/state\.json$/, `${name}.ndjson.gz`));
    const ofDay = objects.flatMap((name) => linesOf(buckets.logObject(region, name)));
    return ofDay.map((line): Fields => ({ day, ...line }));
  });
  const visitors = lines.filter((line) => 'day_unique_clicks' in line);
  const rows = lines.filter((line) => 'quarter' in line);
  return {
    dayUniques: new Map(
      visitors.map((line) => [
        `${line['day']}|${line['offer_id']}|${line['aff_id']}`,
        BigInt(String(line['day_unique_clicks'])),
      ]),
    ),
    payable: sumByName(rows),
  };
}

function isState(key: string): boolean {
  return key.endsWith('/state.json');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

function linesOf(gzip: Uint8Array): readonly Fields[] {
  const lines = textOf(gunzipSync(gzip)).split('\n');
  return lines.flatMap((line): readonly Fields[] => [parseObject(line)].filter((row) => row !== undefined));
}

function rowName(row: Fields): string {
  const { hour, quarter, offer_id: offer, aff_id: affiliate, goal_id: goal, region, currency } = row;
  const minute = String(Number(quarter) * 15).padStart(2, '0');
  return [`${hour}:${minute}`, offer, affiliate, goal, region, currency].join('|');
}

const counted: ReadonlySet<string> = new Set([
  ...eventClasses,
  ...moneyCounters,
  'conflicts',
  'unique_clicks',
  'payable_clicks',
  ...overCapCounters,
]);

function countersOf(row: Fields): Counts {
  const names = Object.keys(row).filter((name) => counted.has(name) || /^(reason|pending_for):/.test(name));
  return new Map(names.map((name) => [name, BigInt(String(row[name]))]));
}

/** A visitor counts in only one of the hour's rows, so the sum over the rows is the number of visitors. */
function hourUniquesOf(rows: ReadonlyMap<string, Counts>): Counts {
  const sums = new Map<string, bigint>();
  for (const [key, counts] of rows) {
    const [quarter = '', offer, affiliate] = key.split('|');
    const place = [quarter.slice(0, -3), offer, affiliate].join('|');
    const uniques = counts.get('unique_clicks') ?? 0n;
    if (uniques > 0n) sums.set(place, (sums.get(place) ?? 0n) + uniques);
  }
  return sums;
}
