import { expect, test } from 'vitest';
import { eventColumns } from '../../../core/event/event-columns.ts';
import { captured } from '../tracking/ask.ts';
import { wildLinks } from '../tracking/links-in-the-wild.ts';

const names = new Set(eventColumns.map(({ name }) => name));

test('no column is named twice', () => {
  expect(names.size).toBe(eventColumns.length);
});

test('every field of every link seen in the wild has its column', () => {
  const links = Object.values(wildLinks).flat();
  const fields = links.flatMap(({ link }) => Object.keys(captured(link).fields));
  expect([...new Set(fields)].filter((name) => !names.has(name))).toEqual([]);
});

test('every other field that a postback can set has its column', () => {
  const txn = captured('/aff_c?offer_id=10&aff_id=1001').fields['txn'];
  const posted =
    'offer_id=1&aff_id=2&payout=1&revenue=2&status=pending&test=1&conv_ip=192.0.2.1&goal_ref=x&promo_code=y';
  const { fields } = captured(
    `/aff_lsr?transaction_id=${txn}&${posted}&conversion_unique_id=3&adv_sub5=4&adv_unique5=5`,
  );
  expect(Object.keys(fields).filter((name) => !names.has(name))).toEqual([]);
});
