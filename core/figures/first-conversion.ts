import { uuidTimeMs } from '../event/uuid.ts';
import { limits } from '../limits/limits.ts';
import { hourMs, hourStart } from '../log/log-key.ts';
import type { TableItem, TableKey, TableWrite } from '../ports.ts';

/**
 * The conversion index: for each key a mark of the first event of all hours. The smallest mark wins. The index only
 * ever moves to a smaller mark, so writers need no order.
 */
export function firstConversionKey(key: string): TableKey {
  return { pk: `conversion#${key}`, sk: 'first' };
}

/**
 * A mark is the event id of the first report, or of the first adjustment of a reference. While a key has only rejections
 * without proof, its mark is the smallest id of these after `~`. Every report that can be first then has a smaller mark,
 * so it takes the key, and the minute of the rejections is told.
 */
export type FirstMark = string;

const waiting = '~';

export function waitingMark(id: string): FirstMark {
  return `${waiting}${id}`;
}

export function isWaiting(mark: FirstMark): boolean {
  return mark.startsWith(waiting);
}

export function markTimeMs(mark: FirstMark): number {
  return uuidTimeMs(isWaiting(mark) ? mark.slice(waiting.length) : mark);
}

/** Undefined when the index does not have the key. */
export function firstMarkOf(item: TableItem | undefined): FirstMark | undefined {
  const mark = item?.['first_id'];
  return typeof mark === 'string' ? mark : undefined;
}

/** The event id of the first report. Undefined when the index knows none of the key. */
export function firstConversionOf(item: TableItem | undefined): string | undefined {
  const mark = firstMarkOf(item);
  return mark === undefined || isWaiting(mark) ? undefined : mark;
}

/** Adjustments of one reference meet for ever, because a reference is unique in the network. */
export type KeptMark = 'for-ever' | 'for-a-while';

/**
 * Whether an event at `timeMs` still belongs to the conversion of the mark. Later reports begin a conversion of their
 * own. The time decides and not the table, because DynamoDB deletes late, and in each region at another time.
 */
export function holdsAt(mark: FirstMark, timeMs: number, kept: KeptMark): boolean {
  const markMs = hourStart(markTimeMs(mark));
  return kept === 'for-ever' || (timeMs < markMs + holdMs && markMs < timeMs + holdMs);
}

/** What an item of the index says of its key. */
export interface KnownFirst {
  readonly key: string;
  readonly mark: FirstMark;
  readonly kept: KeptMark;
}

/** Undefined for an item that the index would not have. */
export function knownFirstOf(item: TableItem): KnownFirst | undefined {
  const [, key] = /^conversion#(.*)$/s.exec(`${item['pk']}`) ?? [];
  const mark = firstMarkOf(item);
  if (key === undefined || mark === undefined) return undefined;
  return { key, mark, kept: item['expires_at'] === undefined ? 'for-ever' : 'for-a-while' };
}

/**
 * Compare-and-swap: says that `mark` is the first. `was`: the mark that the index had, if any. The write fails when the
 * index has another mark by now. The writer then looks again, because it must tell the minute that loses the key.
 */
export function claimFirstWrite(
  key: string,
  mark: FirstMark,
  was: FirstMark | undefined,
  kept: KeptMark = 'for-a-while',
): TableWrite {
  const attribute = 'first_id';
  return {
    key: firstConversionKey(key),
    set: { [attribute]: mark, ...(kept === 'for-a-while' && { expires_at: BigInt(expiresAtSeconds(mark)) }) },
    when: [was === undefined ? { attribute, is: 'absent' } : { attribute, is: 'equal', value: was }],
  };
}

const holdMs = limits.figures.indexDays * 24 * hourMs;

/**
 * When the index may forget a key, in seconds since the epoch. Events that the hold still concerns can arrive some days
 * late.
 */
function expiresAtSeconds(mark: FirstMark): number {
  return (hourStart(markTimeMs(mark)) + holdMs + limits.figures.indexSlackDays * 24 * hourMs) / 1_000;
}
