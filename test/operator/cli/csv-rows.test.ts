import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { readCsvRows } from '../../../operator/cli/csv-rows.ts';

const columns = ['conversion', 'amount', 'note'];

function read(text: string) {
  const result = readCsvRows(text, columns, ['status']);
  return result.kind === 'wrong'
    ? result.problems
    : result.rows.map(({ line, cells }) => [line, Object.fromEntries(cells)]);
}

describe('a file of rows', () => {
  test('is read with its lines, as spreadsheets write it', () => {
    const rows = [
      [2, { conversion: 'a', amount: '1.50', note: 'says "no", and more' }],
      [3, { conversion: 'b' }],
    ];
    expect(read('conversion,amount,note\na,1.50,"says ""no"", and more"\nb,,\n')).toEqual(rows);
    expect(read('\ufeffConversion; Amount ;note\r\na;1.50;"says ""no"", and more"\r\nb;;\r\n')).toEqual(rows);
    expect(read('conversion\tamount\tnote\na\t1.50\t"says ""no"", and more"\nb\t\t')).toEqual(rows);
  });

  test('may have columns that are not read, and no others', () => {
    expect(read('conversion,status\na,pending')).toEqual([[2, { conversion: 'a', status: 'pending' }]]);
    expect(readCsvRows('conversion,status\na,pending', columns, ['status'])).toMatchObject({ ignored: ['status'] });
    expect(read('conversion,amuont,note,note')).toEqual([
      'line 1: column "amuont" is none of conversion, amount, note',
      'line 1: column "note" stands there twice',
    ]);
  });

  test('is refused with every bad row, named by its line', () => {
    expect(read('conversion,amount\na\n\nb,1,2\nc,1\u001b[31m\nd,\u202e1')).toEqual([
      'line 2: has 1 cell, and the header names 2 columns',
      'line 4: has 3 cells, and the header names 2 columns',
      'line 5: amount contains a control character',
      'line 6: amount contains a control character',
    ]);
  });

  test.each([
    ['', 'the file is empty: its first line names the columns'],
    ['conversion\nf\ufffdr', 'the file is not in UTF-8: save it as CSV UTF-8'],
    ['conversion\n"a', /^the file is no CSV: /],
    ['conversion\n'.padEnd(limits.decisions.fileBytesMax + 1, 'a'), /^the file is larger than/],
    [`conversion\n${'a\n'.repeat(limits.decisions.rowsMax + 1)}`, /^the file has \d+ rows; at most/],
  ])('is refused as a whole when it cannot be read', (text, problem) => {
    expect(read(text)).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)]);
  });
});
