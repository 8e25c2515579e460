import { describe, expect, test } from 'vitest';
import { judge, parseKnownDifferences, readKnownDifferences } from '../../second-opinion/known-differences.ts';
import { outcomeLines } from '../../second-opinion/outcome.ts';

const known = parseKnownDifferences(
  JSON.stringify([
    { step: 'lint', reason: 'the linter warns of what does no harm', differences: ['W1', 'W2'] },
    { step: 'contract', reason: 'the server does not have this rule', differences: ['a rule'] },
  ]),
);

describe('what a step finds, beside the known differences', () => {
  test('is exact when only known differences occur', () => {
    const judgement = judge('lint', ['W1', 'W2'], known);
    expect(judgement).toEqual({ fresh: [], listed: 2, gone: [] });
    expect(outcomeLines('lint', { compared: '2 templates', differences: [] }, judgement)).toEqual([
      'lint      EXACT: 2 templates; 2 known differences',
    ]);
  });

  test('names a new difference once, and one that is known of another step too', () => {
    const judgement = judge('lint', ['W1', 'W2', 'E1', 'E1', 'a rule'], known);
    expect(judgement.fresh).toEqual(['E1', 'a rule']);
    expect(outcomeLines('lint', { compared: '2 templates', differences: [] }, judgement).slice(0, 2)).toEqual([
      'lint      DIFFERS in 2: 2 templates; 2 known differences',
      '  new: E1',
    ]);
  });

  test('names a listed difference that no longer occurs, and stays exact', () => {
    const judgement = judge('lint', ['W1'], known);
    expect(judgement).toEqual({ fresh: [], listed: 1, gone: ['W2'] });
    const outcome = { compared: '2 templates', differences: [], notes: ['without Java'] };
    expect(outcomeLines('lint', outcome, judgement)).toEqual([
      'lint      EXACT: 2 templates; 1 known difference',
      '  listed, but no longer so: W2',
      '  note: without Java',
    ]);
  });
});

describe('the file of known differences', () => {
  test('lists no difference twice, and gives each a reason', () => {
    const all = readKnownDifferences().flatMap(({ step, differences }) => differences.map((one) => `${step} ${one}`));
    expect(all.length).toBeGreaterThan(30);
    expect(new Set(all).size).toBe(all.length);
  });

  test.each([
    ['no reason', { step: 'lint', reason: '', differences: ['W1'] }],
    ['an unknown step', { step: 'linting', reason: 'the linter warns of what does no harm', differences: ['W1'] }],
    ['no difference', { step: 'lint', reason: 'the linter warns of what does no harm', differences: [] }],
  ])('is refused with %s', (_what, entry) => {
    expect(() => parseKnownDifferences(JSON.stringify([entry]))).toThrow();
  });
});
