import { firstConversionKey, reopenKey } from '../figures/table-keys.ts';
import { limits } from '../limits.ts';
import { hourMs, hourName, hourStart } from '../log-key.ts';
import type { TableItem, TableTest, TableWrite } from '../ports.ts';
import { uuidTimeMs } from '../uuid.ts';

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
}

/** Undefined when nothing is known of the key. */
export function firstConversionOf(item: TableItem | undefined): FirstConversion | undefined {
  const firstId = item?.['first_id'];
  const hours = item?.['hours'];
  return typeof firstId === 'string' ? { firstId, hours: Array.isArray(hours) ? hours : [] } : undefined;
}

export interface Claim {
  /** Whether the leader of the hour is the first of all. */
  readonly isCounted: boolean;
  /** One transaction, to be decided anew when it does not happen; none when the index says so already. */
  readonly writes: readonly TableWrite[];
}

/** What the index says of the earliest conversion that an hour has of a key. `token` is another one at each call. */
export function claim(key: string, leaderId: string, first: FirstConversion | undefined, token: string): Claim {
  const hourStartMs = hourStart(uuidTimeMs(leaderId));
  if (first === undefined) return { isCounted: true, writes: [claimWrite(key, leaderId, undefined)] };
  if (first.firstId === leaderId) return { isCounted: true, writes: [] };
  const firstHourMs = hourStart(uuidTimeMs(first.firstId));
  // An earlier one of the same hour is not in the log any more: it would lead the hour.
  if (firstHourMs === hourStartMs) return { isCounted: true, writes: [claimWrite(key, leaderId, first)] };
  if (first.firstId > leaderId) {
    return { isCounted: true, writes: [claimWrite(key, leaderId, first), reopenWrite(firstHourMs, token)] };
  }
  const isKnown = first.hours.includes(hourNumber(hourStartMs));
  return { isCounted: false, writes: isKnown ? [] : [hourWrite(key, hourStartMs, first)] };
}

/**
 * When the first conversion of a key is gone from its hour and the hour has no other: hours to reopen, and in the last
 * transaction the index too, at one moment, since an hour that is made final between the two would find it as it was.
 */
export function release(
  key: string,
  goneId: string,
  first: FirstConversion | undefined,
  token: string,
): readonly (readonly TableWrite[])[] {
  if (first?.firstId !== goneId) return [];
  const own = hourNumber(hourStart(uuidTimeMs(goneId)));
  const reopened = first.hours.filter((hour) => hour !== own).map((hour) => reopenWrite(Number(hour) * hourMs, token));
  const removal: TableWrite = { kind: 'delete', key: firstConversionKey(key), when: stillFirst(first) };
  const before = Math.ceil(Math.max(0, reopened.length - besideMax) / besideMax) * besideMax;
  const chunks = Array.from({ length: before / besideMax }, (_, index) =>
    reopened.slice(index * besideMax, (index + 1) * besideMax),
  );
  return [...chunks, [removal, ...reopened.slice(before)]];
}

const besideMax = limits.figures.chunkRowsMax;

function claimWrite(key: string, leaderId: string, first: FirstConversion | undefined): TableWrite {
  return {
    kind: 'update',
    key: firstConversionKey(key),
    set: { first_id: leaderId },
    add: { hours: [hourNumber(hourStart(uuidTimeMs(leaderId)))] },
    when: stillFirst(first),
  };
}

function hourWrite(key: string, hourStartMs: number, first: FirstConversion): TableWrite {
  return {
    kind: 'update',
    key: firstConversionKey(key),
    add: { hours: [hourNumber(hourStartMs)] },
    when: stillFirst(first),
  };
}

function stillFirst(first: FirstConversion | undefined): readonly TableTest[] {
  if (first === undefined) return [{ attribute: 'first_id', is: 'absent' }];
  return [{ attribute: 'first_id', is: 'equal', value: first.firstId }];
}

/** Says that an hour is to be made final again; whoever does it removes the item if it still has the same token. */
function reopenWrite(hourStartMs: number, token: string): TableWrite {
  return { kind: 'put', item: { ...reopenKey(hourName(hourStartMs)), cause: 'conversion', token } };
}

function hourNumber(hourStartMs: number): bigint {
  return BigInt(hourStartMs / hourMs);
}
