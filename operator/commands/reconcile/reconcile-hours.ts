import { isFinal } from '../../../core/ledger/hour-state.ts';
import { utcHour } from '../../cli/format.ts';
import { FiguresFailure } from '../../figures/figures-reader.ts';
import { NotCompared } from './fold-log.ts';
import { type ReconciledHour, type RegionLog, reconcileHour } from './reconcile-hour.ts';

/** One hour in the regions that were asked for. */
export interface ComparedHour {
  readonly hour: string;
  readonly regions: readonly ReconciledHour[];
  readonly failed: readonly FailedHour[];
  /** By region, the number of segments that the other region's log does not have; empty when the logs agree. */
  readonly onlyIn: Readonly<Record<string, number>>;
  /** Both regions' figures are final, and they differ. */
  readonly regionsDiffer: boolean;
}

interface FailedHour {
  readonly region: string;
  readonly reason: string;
}

const failuresMax = 2;

/** One hour after the other. A region that fails twice in a row is not tried again. */
export async function reconcileHours(
  hours: readonly string[],
  regions: readonly RegionLog[],
  progress: (line: string) => void,
): Promise<readonly ComparedHour[]> {
  const compared: ComparedHour[] = [];
  const failures = regions.map(() => 0);
  for (const [index, hour] of hours.entries()) {
    const found = await Promise.all(
      regions.map((region, at) => attempt(hour, region, (failures[at] ?? 0) >= failuresMax, progress)),
    );
    for (const [at, one] of found.entries()) failures[at] = 'reason' in one ? (failures[at] ?? 0) + 1 : 0;
    const result = together(hour, found);
    compared.push(result);
    progress(`${utcHour(hour)}: ${index + 1} of ${hours.length}, ${verdictOf(result)}`);
  }
  return compared;
}

/**
 * Nothing differs, and nothing was left out. Segments that one log is still owed are printed, but they are no
 * difference as long as the figures agree.
 */
export function agrees({ regions, failed, regionsDiffer }: ComparedHour): boolean {
  return regions.every(({ differences }) => differences.length === 0) && failed.length === 0 && !regionsDiffer;
}

function verdictOf(result: ComparedHour): string {
  if (result.failed.length > 0) return 'NOT COMPARED';
  return agrees(result) ? 'agrees' : 'DIFFERS';
}

async function attempt(
  hour: string,
  of: RegionLog,
  isGivenUp: boolean,
  progress: (line: string) => void,
): Promise<ReconciledHour | FailedHour> {
  const { region } = of.reader;
  if (isGivenUp) return { region, reason: 'not tried, because the hours before could not be compared' };
  try {
    return await reconcileHour(hour, of, progress);
  } catch (error) {
    if (error instanceof FiguresFailure || error instanceof NotCompared) return { region, reason: error.message };
    throw error;
  }
}

function together(hour: string, found: readonly (ReconciledHour | FailedHour)[]): ComparedHour {
  const regions = found.flatMap((one) => ('reason' in one ? [] : [one]));
  const failed = found.flatMap((one) => ('reason' in one ? [one] : []));
  const digests = regions.map(({ state }) => (state && isFinal(state) ? state.figuresDigest : undefined));
  return {
    hour,
    regions,
    failed,
    onlyIn: onlyIn(regions),
    regionsDiffer: !digests.includes(undefined) && new Set(digests).size > 1,
  };
}

function onlyIn(regions: readonly ReconciledHour[]): Readonly<Record<string, number>> {
  const counts = regions.map(({ region, keys }): [string, number] => {
    const others = regions.filter((other) => other.region !== region).map((other) => new Set(other.keys));
    return [region, keys.filter((key) => others.some((other) => !other.has(key))).length];
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}
