import { uuidTimeMs } from '../event/uuid.ts';
import { limits } from '../limits/limits.ts';
import { hourMs, hourStart } from '../log/log-key.ts';
import type { TableItem, TableKey, TableWrite } from '../ports.ts';

/**
 * The conversion index: for each conversion key the first conversion of all hours, which is the one with the smallest
 * event id. The index only ever moves to a smaller id, so writers need no order.
 */
export function firstConversionKey(key: string): TableKey {
  return { pk: `conversion#${key}`, sk: 'first' };
}

/** The event id of the first conversion. Undefined when the index does not have the key. */
export function firstConversionOf(item: TableItem | undefined): string | undefined {
  const id = item?.['first_id'];
  return typeof id === 'string' ? id : undefined;
}

/**
 * Compare-and-swap: says that `id` is the first conversion. `was`: the id that the index had, if any. The write fails when
 * the index has another id by now. The writer then looks again, because it must tell the minute that loses the key.
 */
export function claimFirstWrite(key: string, id: string, was: string | undefined): TableWrite {
  const attribute = 'first_id';
  return {
    key: firstConversionKey(key),
    set: { [attribute]: id, expires_at: BigInt(firstExpiresAtSeconds(id)) },
    when: [was === undefined ? { attribute, is: 'absent' } : { attribute, is: 'equal', value: was }],
  };
}

/** When the index may forget a conversion: no later report of its key can count any more. Seconds since the epoch. */
function firstExpiresAtSeconds(id: string): number {
  return (hourStart(uuidTimeMs(id)) + limits.figures.indexDays * 24 * hourMs) / 1_000;
}
