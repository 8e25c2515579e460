import { figuresTableName } from '../../core/config/resource-names.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Counts, eventClasses, type FiguresByRow, moneyCounters } from '../oracle/expected-figures.ts';

/** The contents of one region's table. The drill does not use the code that reads the table for users. */
export type RegionFigures =
  | ({
      readonly kind: 'figures';
      readonly region: string;
      /** From the hour to the revision in force. */
      readonly revisions: ReadonlyMap<string, number>;
      /** Events that were counted when their segments arrived, of all classes except duplicates. */
      readonly provisionalEvents: bigint;
    } & FiguresByRow)
  /** The region runs a release that makes no figures. */
  | { readonly kind: 'none'; readonly region: string };

type Item = Readonly<Record<string, unknown>>;

export function readFinalFigures(cloud: LocalCloud, region: string): RegionFigures {
  const ledger = ledgerOf(cloud, region);
  if (ledger === undefined) return { kind: 'none', region };
  const tableName = figuresTableName({ name: ledger.replace(/-ledger$/, ''), account: '' });
  return figuresIn(region, cloud.tableItems(region, tableName));
}

/** `items`: the whole table, in DynamoDB's format. */
export function figuresIn(region: string, items: readonly Item[]): RegionFigures {
  const states = new Map(items.flatMap(stateIn));
  const rows = items.flatMap(rowIn);
  const final = rows.filter(({ hour, digest }) => digest !== undefined && states.get(hour)?.digest.startsWith(digest));
  const counts = new Map(final.map(({ key, item }) => [key, countersOf(item)]));
  return {
    kind: 'figures',
    region,
    revisions: new Map([...states].map(([hour, { revision }]) => [hour, revision])),
    rows: counts,
    hourUniques: hourUniquesOf(counts),
    dayUniques: new Map(items.flatMap(dayUniquesIn)),
    provisionalEvents: rows
      .filter(({ digest }) => digest === undefined)
      .reduce((sum, { item }) => sum + eventsIn(countersOf(item)), 0n),
  };
}

/** The name of the region's ledger function; undefined in a release that has none. */
export function ledgerOf(cloud: LocalCloud, region: string): string | undefined {
  const functions = cloud.state().regions.find((one) => one.region === region)?.functions ?? [];
  return functions.find(({ name }) => name.endsWith('-ledger'))?.name;
}

function stateIn(item: Item): [string, { digest: string; revision: number }][] {
  if (!textAt(item, 'pk').startsWith('hours#')) return [];
  return [[textAt(item, 'sk'), { digest: textAt(item, 'digest'), revision: Number(textAt(item, 'revision')) }]];
}

const rowSort =
  /^(?<hour>\d{4}-\d\d-\d\dT\d\d)#(?:p|f#(?<digest>[0-9a-f]{8}))#(?<affiliate>\d+)#(?<goal>\d+)#(?<rest>.*)$/;

function rowIn(item: Item) {
  const offer = /^offer#(\d+)$/.exec(textAt(item, 'pk'))?.[1];
  const { hour = '', digest, affiliate, goal, rest = '' } = rowSort.exec(textAt(item, 'sk'))?.groups ?? {};
  if (offer === undefined || hour === '') return [];
  return [{ hour, digest, key: [hour, offer, affiliate, goal, rest.replace('#', '|')].join('|'), item }];
}

const isCounted = (name: string) =>
  [...eventClasses, ...moneyCounters].some((known) => known === name) || /^(reason|pending_for):/.test(name);

function countersOf(item: Item): Counts {
  const names = Object.keys(item).filter((name) => isCounted(name) || name === 'unique_clicks');
  return new Map(names.map((name) => [name, BigInt(textAt(item, name))]));
}

function eventsIn(counts: Counts): bigint {
  const classes = eventClasses.filter((name) => name !== 'duplicates');
  return classes.reduce((sum, name) => sum + (counts.get(name) ?? 0n), 0n);
}

/** A visitor counts in only one of the hour's rows, so the sum over the rows is the number of visitors. */
function hourUniquesOf(rows: ReadonlyMap<string, Counts>): Counts {
  const sums = new Map<string, bigint>();
  for (const [key, counts] of rows) {
    const place = key.split('|').slice(0, 3).join('|');
    const uniques = counts.get('unique_clicks') ?? 0n;
    if (uniques > 0n) sums.set(place, (sums.get(place) ?? 0n) + uniques);
  }
  return sums;
}

function dayUniquesIn(item: Item): [string, bigint][] {
  const offer = /^offer#(\d+)$/.exec(textAt(item, 'pk'))?.[1];
  const [, day, affiliate] = /^(\d{4}-\d\d-\d\d)#u#(\d+)$/.exec(textAt(item, 'sk')) ?? [];
  if (offer === undefined || day === undefined) return [];
  return [[`${day}|${offer}|${affiliate}`, BigInt(textAt(item, 'day_unique_clicks') || '0')]];
}

/** Reads `{ S: "…" }` and `{ N: "…" }`. */
function textAt(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : String(value);
  const { S: text, N: number } = value as { readonly S?: string; readonly N?: string };
  return text ?? number ?? '';
}
