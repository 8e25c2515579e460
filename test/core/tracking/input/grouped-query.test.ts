import { expect, test } from 'vitest';
import { queryOfGroups } from '../../../../core/tracking/input/grouped-query.ts';

test.each([
  ['nothing', {}, ''],
  ['a parameter', { a: ['b'] }, 'a=b'],
  ['values in their order', { a: ['2', '1', ''] }, 'a=2&a=1&a='],
  ['texts as sent', { 'a%5B%5D': ['%26', '{x}|"'] }, 'a%5B%5D=%26&a%5B%5D={x}|"'],
  [
    'known parameters first',
    { foo: ['1'], aff_id: ['7'], bar: ['2'], offer_id: ['15'] },
    'aff_id=7&offer_id=15&foo=1&bar=2',
  ],
  [
    'a deep link before unknown parameters',
    { b: ['2'], url: ['https://a.example/?a=1'], aff_id: ['7'] },
    'aff_id=7&url=https://a.example/?a=1&b=2',
  ],
  [
    'aliases and encoded names as known',
    { foo: ['1'], aff_sub1: ['x'], 'offer%5Fid': ['15'] },
    'aff_sub1=x&offer%5Fid=15&foo=1',
  ],
  ['the rest of &amp; as nothing', { 'amp;aff_id': ['7'], 'amp;AMP;foo': ['1'], 'amp;': [''] }, 'aff_id=7&foo=1&='],
  ['an empty name', { '': ['', 'x'] }, '=&=x'],
])('%s', (_, groups, query) => {
  expect(queryOfGroups(groups)).toBe(query);
});
