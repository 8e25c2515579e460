import type { DrillCheck } from '../evidence/evidence.ts';
import { provisionalCounts } from '../evidence/provisional.ts';

/**
 * I2, for the figures that come before the final ones: each segment is counted once, however often it was announced and
 * whoever died over it, and so is each conversion. (A click that several segments hold is counted with each; only the
 * ledger sees that.)
 */
export const provisionalFigures: DrillCheck = (evidence) =>
  provisionalCounts(evidence, evidence.figures)
    .filter(({ counted, min, max }) => counted < min || counted > max)
    .map(
      ({ region, counted, min, max }) =>
        `I2: ${region} has counted ${counted} events provisionally, duplicates apart, and its segments hold ${min === max ? max : `${min} to ${max}`}`,
    );
