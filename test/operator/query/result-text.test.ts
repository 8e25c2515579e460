import { expect, test } from 'vitest';
import { resultCsv, resultJson, resultTable } from '../../../operator/query/result-text.ts';

const result = {
  columns: ['offer_id', 'name', 'params'],
  rows: [
    [15, 'a "b", c', { erid: 'x' }],
    [8, null, null],
  ],
  isCut: false,
};

test('a table has its columns as wide as they need to be', () => {
  expect(resultTable(result)).toEqual([
    'offer_id  name      params',
    '--------  ----      ------',
    '15        a "b", c  {"erid":"x"}',
    '8',
  ]);
});

test('CSV quotes what needs it', () => {
  expect(resultCsv(result)).toEqual(['offer_id,name,params', '15,"a ""b"", c","{""erid"":""x""}"', '8,,']);
});

test('JSON is an object for each row', () => {
  expect(JSON.parse(resultJson(result))).toEqual([
    { offer_id: 15, name: 'a "b", c', params: { erid: 'x' } },
    { offer_id: 8, name: null, params: null },
  ]);
});
