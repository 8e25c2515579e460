import type { Judgement, StepName } from './known-differences.ts';

export interface Outcome {
  /** What was compared, for the summary. */
  readonly compared: string;
  /** One line each, the same in every run. */
  readonly differences: readonly string[];
  /** What could not be done here, and how it can be. */
  readonly notes?: readonly string[];
}

/** The lines of one step: EXACT, or what differs. */
export function outcomeLines(
  step: StepName,
  { compared, notes = [] }: Outcome,
  judgement: Judgement,
): readonly string[] {
  const { fresh, listed, gone } = judgement;
  const known = listed === 0 ? '' : `; ${listed} known ${listed === 1 ? 'difference' : 'differences'}`;
  const verdict = fresh.length === 0 ? 'EXACT' : `DIFFERS in ${fresh.length}`;
  return [
    `${step.padEnd(8)}  ${verdict}: ${compared}${known}`,
    ...fresh.map((difference) => `  new: ${difference}`),
    ...gone.map((difference) => `  listed, but no longer so: ${difference}`),
    ...notes.map((note) => `  note: ${note}`),
  ];
}
