import { expect, test } from 'vitest';
import { closedHours } from '../../../../operator/commands/rebuild/closed-hours.ts';

const hours = ['2026-11-23T04', '2026-11-23T05', '2026-11-23T06'];

function closedAt(time: string) {
  const said: string[] = [];
  const clock = { nowMs: () => Date.parse(`2026-11-23T${time}Z`), sleep: async () => {} };
  return { closed: closedHours(hours, { clock, error: (line) => said.push(line) }), said };
}

test.each([
  ['06:09:59', 1],
  ['06:10:00', 2],
  ['07:09:59', 2],
  ['07:10:00', 3],
])('at %s, %d of the hours may be made final', (time, count) => {
  const { closed, said } = closedAt(time);
  expect(closed).toEqual(hours.slice(0, count));
  expect(said).toHaveLength(hours.length - count);
});

test('says when the running hour becomes final by itself', () => {
  expect(closedAt('06:30:00').said).toEqual([
    '2026-11-23T06Z is left out: its events still come in, and its figures stay provisional. The ledger makes it final by itself soon after 2026-11-23 07:10:00 UTC.',
  ]);
});
