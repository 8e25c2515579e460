import { expect, test } from 'vitest';
import { ageText } from '../../../../operator/cli/format.ts';
import { tableLines } from '../../../../operator/cli/text-table.ts';
import { statusLines } from '../../../../operator/commands/status/status-table.ts';
import { age, depth, east, someFacts, someQueue, someRegion, west } from './some-facts.ts';

test('a deployment in which all is well is a table with one column for each region', () => {
  const lines = statusLines(someFacts());
  expect(lines[0]).toBe('all is well at 2026-11-23 05:10:00 UTC');
  expect(lines).toContain('https://go.example.com leads to us-east-1');
  expect(lines.find((line) => line.includes('(primary)'))).toMatch(/^ +us-east-1 \(primary\) +us-west-2$/);
  expect(lines.find((line) => line.startsWith('last segment'))).toMatch(/12 s ago +12 s ago$/);
});

test('problems come first, and a queue shows the least age of its oldest message', () => {
  const queue = someQueue('failure', { owedRegion: west, depth: depth(12), oldestAgeSeconds: age(3_600) });
  const dead = { kind: 'unknown', reason: 'no answer in time' } as const;
  const regions = [
    someRegion(east, { health: { kind: 'ill', reason: 'ECONNRESET' }, lastSegmentAtMs: dead }),
    someRegion(west, { queues: [queue] }),
  ];
  const lines = statusLines(someFacts({ regions }));
  expect(lines.slice(0, 2)).toEqual(['NOT WELL', '  us-east-1: /health ECONNRESET']);
  expect(lines.find((line) => line.startsWith('queue owed to us-west-2'))).toMatch(/12, oldest at least 1 h 0 min$/);
  expect(lines.find((line) => line.startsWith('last segment'))).toContain('unknown: no answer in time');
});

test('a switch whose copies cannot be read is not shown as one that is not set', () => {
  const unreadable = { kind: 'unreadable', problems: ['no answer in time'] } as const;
  const shift = { counting: unreadable, own: unreadable, holds: undefined };
  const lines = statusLines(someFacts({ regions: [someRegion(east, { shift }), someRegion(west)] }));
  expect(lines.find((line) => line.startsWith('shift switch'))).toMatch(/unknown: neither copy can be read +not set$/);
});

test('different answers of the tracking name are counted', () => {
  const name = { url: 'https://go.example.com', regions: { [east]: 3, [west]: 1 }, failures: ['ENOTFOUND'] };
  expect(statusLines(someFacts({ name }))).toContain(
    'https://go.example.com leads to us-east-1 3 of 5 times, us-west-2 1 of 5 times, nowhere (ENOTFOUND) 1 of 5 times',
  );
});

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [12_000, '3 h 20 min'],
  [1_138_000, '13 d 4 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(ageText(seconds)).toBe(text);
});

test('columns are as wide as their widest cell', () => {
  expect(
    tableLines([
      ['a', 'bbb', ''],
      ['aaa', 'b', 'c'],
    ]),
  ).toEqual(['a    bbb', 'aaa  b    c']);
});
