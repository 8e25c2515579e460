import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { operatorWords } from '../../../drill/checks/operator-words.ts';
import type { PlayedStep } from '../../../drill/faults/steps.ts';
import type { OperatorWord } from '../../../drill/load/operator-words.ts';
import { east, west } from '../fake-cloud.ts';

const sale = { v: 1, id: 'report-1', type: 'conversion', at: 0, region: east, conversion_key: 'key-1' };
const decided: LoggedEvent = {
  ...{ v: 1, id: 'decision-1', type: 'decision', at: 1, region: 'operator' },
  ...{ conversion_key: 'key-1', conversion_id: 'report-1', verdict: 'approve', amount: '12.5' },
};
const adjusted: LoggedEvent = {
  ...{ v: 1, id: 'adjustment-1', type: 'adjustment', at: 1, region: 'operator', reference: 'drill-1' },
  ...{ day: '2026-11-23', day_at: Date.UTC(2026, 10, 23), offer_id: 1500, aff_id: 1001, currency: 'USD' },
  ...{ payout: '-1.5', revenue: '2' },
};
const words: readonly OperatorWord[] = [
  { type: 'decision', verdict: 'approve', reportId: 'report-1', amount: '12.50' },
  {
    ...{ type: 'adjustment', reference: 'drill-1', day: '2026-11-23', offerId: 1500, affiliateId: 1001, goalId: 0 },
    ...{ currency: 'USD', payout: '-1.50', revenue: '2.00' },
  },
];

function problems(inWest: readonly LoggedEvent[], said = words, exitCode = 0): readonly string[] {
  const action = { kind: 'adjust', count: 1, times: 1 } as const;
  const steps: PlayedStep[] = [{ atMs: 1, action, outcome: { exitCode, errors: [] }, words: said }];
  const logOf = (region: string, events: readonly LoggedEvent[]) => ({
    ...{ region, segments: new Map() },
    events: new Map([sale, ...events].map((event): [string, LoggedEvent] => [event.id, event])),
  });
  const logs = [logOf(east, said.length > 0 ? [decided, adjusted] : []), logOf(west, inWest)];
  return operatorWords({ steps, logs });
}

describe('words of an operator', () => {
  test('are in both logs, once or twice', () => {
    expect(problems([decided, adjusted])).toEqual([]);
    expect(problems([decided, { ...decided, id: 'decision-2' }, adjusted])).toEqual([]);
  });

  test.each([
    ['that one log lacks', [decided], 'adjustment drill-1'],
    ['of another verdict', [{ ...decided, verdict: 'reject' }, adjusted], 'approve report-1'],
    ['with another amount', [{ ...decided, amount: '12.51' }, adjusted], 'approve report-1'],
    ['about another sale', [{ ...decided, conversion_key: 'key-2' }, adjusted], 'approve report-1'],
    ['with other money', [decided, { ...adjusted, payout: '1.5' }], 'adjustment drill-1'],
    ['of another day', [decided, { ...adjusted, day_at: 0 }], 'adjustment drill-1'],
  ])('%s are missing', (_, events, word) => {
    expect(problems(events)[0]).toBe(`I1: ${west}'s log lacks 1 words of the operator: ${word}`);
  });

  test('of a command that failed may be missing', () => {
    expect(problems([], words, 1)).toEqual([]);
  });

  test('that nobody said are named', () => {
    expect(problems([decided], [])).toEqual([
      `I2: ${west}'s log holds 1 operators' events that nobody said: decision-1`,
    ]);
  });
});
