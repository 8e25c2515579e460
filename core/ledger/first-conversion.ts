import { uuidTimeMs } from '../event/uuid.ts';
import { firstConversionKey, reopenKey } from '../figures/table-keys.ts';
import { limits } from '../limits/limits.ts';
import { hourMs, hourName, hourStart } from '../log/log-key.ts';
import type { TableItem, TableTest, TableWrite } from '../ports.ts';

/**
 * An entry of the conversion index. For each conversion key the index has the first conversion of all final hours (the
 * smallest id), and the hours that have a conversion of the key.
 *
 * The index follows from the log, in whatever order hours are made final. An earlier conversion reopens the hour that
 * held the key. When the first conversion disappears from the log, every hour that may have the next one is made final
 * again.
 */
export interface FirstConversion {
  readonly firstId: string;
  /** Hours since the epoch. */
  readonly hours: readonly bigint[];
  /** Changes with each write, so that a writer can tell whether another hour was added meanwhile. */
  readonly version: string;
}

/** Undefined when the index does not have the key. */
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
  /** Whether the leader of the hour is the first conversion of all hours. */
  readonly isFirst: boolean;
  /** When this write fails, the caller decides again. Absent when the index is right already. */
  readonly write?: TableWrite;
  /** Start of the hour that loses the key by the write. It is reopened in the same transaction. */
  readonly reopens?: number;
}

/** Claims a key for `leaderId`, the earliest conversion that an hour has of it. `version` is new at each call. */
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
  // An earlier conversion of the same hour would lead the hour, so it must have gone from the log.
  if (conversionHourStart(first.firstId) === hourStartMs) return mine;
  if (first.firstId > leaderId) return { ...mine, reopens: conversionHourStart(first.firstId) };
  const isKnown = first.hours.includes(hourNumber(hourStartMs));
  return { isFirst: false, ...(!isKnown && { write: hourWrite(key, hourStartMs, first, version) }) };
}

/**
 * Releases a key whose conversion `goneId` has gone from its hour, when the hour has no other conversion of the key.
 * The result is one transaction; the caller repeats until it is empty.
 *
 * A transaction removes hours from the index and reopens them, provided that the index is unchanged since it was read.
 * So an hour that is made final meanwhile either finds the key free, or enters the index and is reopened by the next
 * transaction. The hour of `goneId` is reopened too, since another run may have seen more of the log and claimed the
 * key.
 */
export function releaseFirst(
  key: string,
  goneId: string,
  first: FirstConversion | undefined,
  token: string,
): readonly TableWrite[] {
  // Hours are compared and not ids: the hour has no conversion of the key, whichever of them the index names.
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

/** A transaction also writes the key itself and the hour of `goneId`. */
const othersAtOnceMax = limits.figures.chunkRowsMax - 1;

/** Asks for an hour to be made final again. The run that does it removes the item if the token is still the same. */
export function reopenWrite(hourStartMs: number, token: string): TableWrite {
  return { kind: 'put', item: { ...reopenKey(hourName(hourStartMs)), cause: 'conversion', token } };
}

/** Start of a conversion's hour, ms since the epoch. */
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
