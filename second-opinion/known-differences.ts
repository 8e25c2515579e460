import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What other programs are known to do otherwise, and why that is no mistake of ours. */

export const stepNames = ['lint', 'deploy', 'contract', 'drive', 'commands'] as const;
export type StepName = (typeof stepNames)[number];

const knownSchema = z.array(
  z.strictObject({
    step: z.enum(stepNames),
    /** The program and what is different there. */
    reason: z.string().min(20),
    differences: z.array(z.string().min(1)).min(1),
  }),
);

export type KnownDifferences = z.output<typeof knownSchema>;

/** Throws a ZodError when the file has another form. */
export function parseKnownDifferences(text: string): KnownDifferences {
  return knownSchema.parse(JSON.parse(text));
}

export function readKnownDifferences(): KnownDifferences {
  return parseKnownDifferences(readFileSync(join(import.meta.dirname, 'known-differences.json'), 'utf8'));
}

export interface Judgement {
  /** Differences that no entry lists: they fail the run. */
  readonly fresh: readonly string[];
  readonly listed: number;
  /** Listed differences that no longer occur: their entries can go. */
  readonly gone: readonly string[];
}

/** Each difference counts once. */
export function judge(step: StepName, found: readonly string[], known: KnownDifferences): Judgement {
  const listed = new Set(known.filter((entry) => entry.step === step).flatMap(({ differences }) => differences));
  const occurring = new Set(found);
  const fresh = [...occurring].filter((difference) => !listed.has(difference));
  return {
    fresh,
    listed: occurring.size - fresh.length,
    gone: [...listed].filter((difference) => !occurring.has(difference)),
  };
}
