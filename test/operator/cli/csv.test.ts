import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../operator/cli/csv.ts';
import { visibleInLine } from '../../../operator/cli/visible-text.ts';

test('quotes cells that need it, and leaves cells without a value empty', () => {
  expect(csvLine([15, 'a "b", c', null, ''])).toBe('15,"a ""b"", c",,');
});

test('a record is one line: control characters appear as escapes', () => {
  expect(csvLine(['one\ntwo', '\r\t\u001b', '\t=1'])).toBe('one\\x0atwo,\\x0d\\x09\\x1b,\\x09=1');
});

describe('a formula', () => {
  test.each([
    ['=HYPERLINK("http://evil.example","x")', `"'=HYPERLINK(""http://evil.example"",""x"")"`],
    ['+1+1', `"'+1+1"`],
    ['-1+1', `"'-1+1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['＝1+1', `"'＝1+1"`],
    ['x;=1+1', `"x;'=1+1"`],
    ['x; @SUM(A1)', `"x; '@SUM(A1)"`],
  ])('%j is text', (text, cell) => {
    expect(csvLine([text])).toBe(cell);
  });

  test.each(['-1.50', '-2', '0.00', '12.34%', 'a=b'])('%s is no formula', (text) => {
    expect(csvLine([text])).toBe(text);
  });

  test('a number of Keeptrack’s own stays a number', () => {
    expect(csvLine([-1.5, -1e-7])).toBe('-1.5,-1e-7');
  });

  test('never begins a cell, and every text can be read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;|\'1. a') }), (text) => {
        const line = csvLine([text, 'end']);
        const read = line.startsWith('"') ? line.slice(1, -'",end'.length).replaceAll('""', '"') : line.slice(0, -4);
        const withoutMarks = (marked: string) => marked.replaceAll("'", '');
        expect(withoutMarks(read)).toBe(withoutMarks(visibleInLine(text)));
        expect(read).not.toMatch(/^(?!-\d+(\.\d+)?$)[=+\-@\t\r\n]/);
        expect(read).not.toMatch(/[;\t|]\s*[=+\-@]/);
      }),
    );
  });
});
