import type { ClosedPeriod } from '../../../core/periods/closed-periods.ts';
import { statementObject } from '../../../core/periods/statement.ts';
import {
  type KnownPeriods,
  type PeriodBucket,
  type PeriodCopy,
  putStatement,
  replacePeriods,
  statedPeriods,
} from '../../clients/period-buckets.ts';

/** What became of a list of closed periods that was written to both buckets. */
export interface WrittenPeriods {
  /** Regions whose bucket has the list and all statements. */
  readonly done: readonly string[];
  readonly failures: readonly { readonly region: string; readonly reason: string }[];
}

/**
 * Writes a new period to the readable buckets, one after the other. The first one decides: when somebody else changed
 * its list meanwhile, nothing more is written. `gzip`: the statement.
 */
export async function addPeriod(
  buckets: readonly PeriodBucket[],
  { periods, copies }: KnownPeriods,
  period: ClosedPeriod,
  gzip: Uint8Array,
): Promise<WrittenPeriods> {
  const done: string[] = [];
  const failures: { region: string; reason: string }[] = [];
  for (const copy of copies) {
    const bucket = bucketOf(buckets, copy);
    const reason =
      (await putStatement(bucket, period, gzip)) ?? (await replacePeriods(bucket, copy, [...periods, period]));
    if (reason === undefined) done.push(copy.region);
    else failures.push({ region: copy.region, reason });
    if (done.length === 0) break;
  }
  return { done, failures };
}

/**
 * Gives each readable bucket the whole list and the statements that it lacks: a close broke off, or the region was dead.
 * Gives the regions that got something.
 */
export async function completeCopies(
  buckets: readonly PeriodBucket[],
  { periods, copies }: KnownPeriods,
): Promise<WrittenPeriods> {
  const lacking = copies.filter((copy) => copy.periods.length < periods.length);
  const results = await Promise.all(
    lacking.map(async (copy) => ({ region: copy.region, reason: await completeCopy(buckets, copy, periods) })),
  );
  return {
    done: results.flatMap(({ region, reason }) => (reason === undefined ? [region] : [])),
    failures: results.flatMap(({ region, reason }) => (reason === undefined ? [] : [{ region, reason }])),
  };
}

async function completeCopy(
  buckets: readonly PeriodBucket[],
  copy: PeriodCopy,
  periods: readonly ClosedPeriod[],
): Promise<string | undefined> {
  const bucket = bucketOf(buckets, copy);
  for (const { period, statement } of await statedPeriods(periods.slice(copy.periods.length), buckets)) {
    const failure = await putStatement(bucket, period, statementObject(statement).gzip);
    if (failure !== undefined) return failure;
  }
  return replacePeriods(bucket, copy, periods);
}

function bucketOf(buckets: readonly PeriodBucket[], { region }: PeriodCopy): PeriodBucket {
  const found = buckets.find((bucket) => bucket.region === region);
  if (found === undefined) throw new Error(`${region} has a copy and no bucket`);
  return found;
}
