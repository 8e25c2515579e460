import { expect, test } from 'vitest';
import { createLedger } from '../../../lambda/ledger/ledger.ts';
import { createFunction } from '../../../simulation/world.ts';
import { sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, worldWith } from '../world-view.ts';
import { early, later, put } from './ledger-view.ts';

test('a defect in one hour is logged without its message, and the next hour becomes final', async () => {
  const world = worldWith();
  const sale = { type: 'conversion', status: 'approved', conversion_key: 'a'.repeat(32) };
  put(world, home, [sampleLine(1, early, sale)]);
  put(world, home, [sampleLine(2, later)]);
  const logged: unknown[] = [];
  const { ledger } = createFunction({ world, home, functionName: 'ledger' });
  const broken = createLedger({
    ...ledger,
    index: {
      ...ledger.index,
      get: () => {
        throw new TypeError('cannot read 203.0.113.7');
      },
    },
    log: { ...ledger.log, error: (message, fields) => logged.push({ message, fields }) },
  });
  const report = await world.time.until(broken({ task: 'close' }, 600_000));
  expect(report.hours.map(({ hour, outcome }) => ({ hour, outcome }))).toContainEqual({
    hour: '2026-11-23T03',
    outcome: 'left',
  });
  expect(stateOf(world, later)).toMatchObject({ revision: 1, events: 1 });
  expect(logged).toContainEqual(expect.objectContaining({ message: 'a defect stops the work on an hour' }));
  expect(JSON.stringify(logged)).not.toContain('203.0.113.7');
});
