import { uuidTimeMs } from '../event/uuid.ts';
import { firstConversionKey, reopenKey } from '../figures/table-keys.ts';
import { limits } from '../limits/limits.ts';
import { hourMs, hourName, hourStart } from '../log/log-key.ts';
import type { TableItem, TableTest, TableWrite } from '../ports.ts';

/**
 * The index of conversions: for each key the first conversion of all, by the smallest id, as far as hours were made
 * final, and the hours that have one of the key. So what is in the index follows from the log, in whatever order its
 * hours are made final: a new minimum reopens the hour that lost it, and when the first one is gone from the log, every
 * hour that may have the next one is made final again.
 */
export interface FirstConversion {
  readonly firstId: string;
  /** Hours since the epoch. */
  readonly hours: readonly bigint[];
  /** Another one after each write: who decides by the hours has to know that none was added meanwhile. */
  readonly version: string;
}

/** Undefined when nothing is known of the key. */
export function firstConversionOf(item: TableItem | undefined): FirstConversion | undefined {
  const firstId = item?.['first_id'];
  const hours = item?.['hours'];
  if (typeof firstId !== 'string') return undefined;
  return { firstId, hours: Array.isArray(hours) ? hours : [], version: `${item?.['version'] ?? ''}` };
}

/** The first conversions that `items` of the index hold, by those of `keys` that the index has. */
export function firstConversionsIn(
  items: readonly TableItem[],
  keys: readonly string[],
): ReadonlyMap<string, FirstConversion> {
  const byPk = new Map(items.map((item) => [item['pk'], firstConversionOf(item)]));
  return new Map(
    keys.flatMap((key): [string, FirstConversion][] => {
      const first = byPk.get(firstConversionKey(key).pk);
      return first ? [[key, first]] : [];
    }),
  );
}

export interface FirstClaim {
  /** Whether the leader of the hour is the first of all. */
  readonly isFirst: boolean;
  /** To be decided anew when it does not happen; absent when the index says so already. */
  readonly write?: TableWrite;
  /** Start of the hour that loses its conversion by it, to be reopened in the same transaction. */
  readonly reopens?: number;
}

/** What the index says of the earliest conversion that an hour has of a key. `version` is another one at each call. */
export function claimFirst(
  key: string,
  leaderId: string,
  first: FirstConversion | undefined,
  version: string,
): FirstClaim {
  if (first?.firstId === leaderId) return { isFirst: true };
  const mine = { isFirst: true, write: claimWrite(key, leaderId, first, version) };
  if (first === undefined) return mine;
  const hourStartMs = conversionHourStart(leaderId);
  // An earlier one of the same hour is not in the log any more: it would lead the hour.
  if (conversionHourStart(first.firstId) === hourStartMs) return mine;
  if (first.firstId > leaderId) return { ...mine, reopens: conversionHourStart(first.firstId) };
  const isKnown = first.hours.includes(hourNumber(hourStartMs));
  return { isFirst: false, ...(!isKnown && { write: hourWrite(key, hourStartMs, first, version) }) };
}

/**
 * What gives up a key of which the conversion is gone from its hour, when the hour has no other, one transaction after
 * the other until nothing is left to do. Each of them takes hours out of the index and reopens them at one moment, and
 * only as long as the index is as it was read: an hour that is made final meanwhile either finds the key given up, or
 * has itself put down and is reopened by the next one. The own hour is reopened too, since another run that saw more of
 * the log may have claimed the key for it.
 */
export function releaseFirst(
  key: string,
  goneId: string,
  first: FirstConversion | undefined,
  token: string,
): readonly TableWrite[] {
  // By their hours: whatever conversion of the hour is claimed, the hour has none.
  if (first === undefined || conversionHourStart(first.firstId) !== conversionHourStart(goneId)) return [];
  const own = hourNumber(conversionHourStart(goneId));
  const others = first.hours.filter((hour) => hour !== own);
  const [reopened, kept] = [others.slice(0, othersAtOnceMax), others.slice(othersAtOnceMax)];
  const asItWas: readonly TableTest[] = [{ attribute: 'version', is: 'equal', value: first.version }];
  const item = { key: firstConversionKey(key), when: asItWas };
  const rest: TableWrite =
    kept.length === 0
      ? { kind: 'delete', ...item }
      : { kind: 'update', ...item, set: { hours: [own, ...kept], version: token } };
  return [rest, ...[own, ...reopened].map((hour) => reopenWrite(Number(hour) * hourMs, token))];
}

/** Beside the key itself and its own hour. */
const othersAtOnceMax = limits.figures.chunkRowsMax - 1;

/** Says that an hour is to be made final again; whoever does it removes the item if it still has the same token. */
export function reopenWrite(hourStartMs: number, token: string): TableWrite {
  return { kind: 'put', item: { ...reopenKey(hourName(hourStartMs)), cause: 'conversion', token } };
}

/** Start of the hour that a conversion is in. */
export function conversionHourStart(id: string): number {
  return hourStart(uuidTimeMs(id));
}

function claimWrite(key: string, leaderId: string, first: FirstConversion | undefined, version: string): TableWrite {
  return {
    kind: 'update',
    key: firstConversionKey(key),
    set: { first_id: leaderId, version },
    add: { hours: [hourNumber(conversionHourStart(leaderId))] },
    when: stillFirst(first),
  };
}

function hourWrite(key: string, hourStartMs: number, first: FirstConversion, version: string): TableWrite {
  return {
    kind: 'update',
    key: firstConversionKey(key),
    set: { version },
    add: { hours: [hourNumber(hourStartMs)] },
    when: stillFirst(first),
  };
}

function stillFirst(first: FirstConversion | undefined): readonly TableTest[] {
  if (first === undefined) return [{ attribute: 'first_id', is: 'absent' }];
  return [{ attribute: 'first_id', is: 'equal', value: first.firstId }];
}

function hourNumber(hourStartMs: number): bigint {
  return BigInt(hourStartMs / hourMs);
}
