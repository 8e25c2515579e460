import { S3Client } from '@aws-sdk/client-s3';
import { answerText, callOutcome, isStored } from '../../core/call-outcome.ts';
import { logBucketName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import {
  type ClosedPeriod,
  closedPeriodsKey,
  encodeClosedPeriods,
  longerList,
  parseClosedPeriods,
} from '../../core/periods/closed-periods.ts';
import { readStatement, type StatedPeriod, type Statement, statementKey } from '../../core/periods/statement.ts';
import type { Bucket } from '../../core/ports.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import type { Deployment } from './deployment.ts';

/** One region's log bucket, as far as closed periods need it. */
export interface PeriodBucket {
  readonly region: string;
  readonly bucket: Pick<Bucket, 'get' | 'putIfAbsent' | 'replace'>;
}

/** Opens the buckets of both regions for `use`, the primary's first, and closes them afterwards. */
export async function withPeriodBuckets<T>(
  { config, regions, clientOptions }: Deployment,
  use: (buckets: readonly PeriodBucket[]) => Promise<T>,
): Promise<T> {
  const opened = regions.map((region) => ({ region, client: new S3Client(clientOptions(region)) }));
  try {
    return await use(
      opened.map(({ region, client }) => ({ region, bucket: s3Bucket(client, logBucketName(config, region)) })),
    );
  } finally {
    for (const { client } of opened) client.destroy();
  }
}

/** The list of closed periods in one bucket. `etag` is undefined while there is none. */
export interface PeriodCopy {
  readonly region: string;
  readonly periods: readonly ClosedPeriod[];
  readonly etag: string | undefined;
}

export interface KnownPeriods {
  /** What the readable copies say together. */
  readonly periods: readonly ClosedPeriod[];
  readonly copies: readonly PeriodCopy[];
  /** Buckets whose copy cannot be read, and why. */
  readonly unknown: readonly { readonly region: string; readonly reason: string }[];
}

/** The closed periods cannot be told. The message says why, for people. */
export class PeriodsFailure extends Error {}

const { lookMs } = limits.operator;
const { writeMs } = limits.periods;

/** Throws a PeriodsFailure when no copy can be read, and when the copies contradict each other. */
export async function readPeriods(buckets: readonly PeriodBucket[]): Promise<KnownPeriods> {
  const found = await Promise.all(buckets.map(readCopy));
  const copies = found.filter((one) => 'periods' in one);
  const unknown = found.filter((one) => 'reason' in one);
  if (copies.length === 0) {
    const reasons = unknown.map(({ region, reason }) => `${region}: ${reason}`).join('; ');
    throw new PeriodsFailure(`the list of closed periods cannot be read (${reasons})`);
  }
  const periods = copies.reduce<readonly ClosedPeriod[] | undefined>(
    (known, copy) => known && longerList(known, copy.periods),
    [],
  );
  if (periods !== undefined) return { periods, copies, unknown };
  throw new PeriodsFailure(
    `the lists of closed periods of ${copies.map(({ region }) => region).join(' and ')} contradict each other: compare their ${closedPeriodsKey}, and remove the one that was not invoiced`,
  );
}

async function readCopy({ region, bucket }: PeriodBucket): Promise<PeriodCopy | KnownPeriods['unknown'][number]> {
  const object = await bucket.get(closedPeriodsKey, lookMs);
  if (object.kind === 'ok') {
    const periods = parseClosedPeriods(object.value.body);
    if (periods === undefined) return { region, reason: `${closedPeriodsKey} cannot be understood` };
    return { region, periods, etag: object.value.etag };
  }
  if (callOutcome(object.answer) === 'missing') return { region, periods: [], etag: undefined };
  return { region, reason: answerText(object.answer) };
}

/** The periods with their statements. Throws a PeriodsFailure. */
export async function statedPeriods(
  periods: readonly ClosedPeriod[],
  buckets: readonly PeriodBucket[],
): Promise<readonly StatedPeriod[]> {
  const stated: StatedPeriod[] = [];
  for (const period of periods) stated.push({ period, statement: await readStatementOf(buckets, period) });
  return stated;
}

/** From the first bucket that has it. */
async function readStatementOf(
  buckets: readonly PeriodBucket[],
  { from, to, statement: digest }: Pick<ClosedPeriod, 'from' | 'to' | 'statement'>,
): Promise<Statement> {
  const key = statementKey({ from, to }, digest);
  const reasons: string[] = [];
  for (const { region, bucket } of buckets) {
    const object = await bucket.get(key, writeMs);
    const statement = object.kind === 'ok' ? readStatement(object.value.body) : undefined;
    if (statement !== undefined) return statement;
    reasons.push(`${region}: ${object.kind === 'ok' ? 'it cannot be understood' : answerText(object.answer)}`);
  }
  throw new PeriodsFailure(`${key} cannot be read (${reasons.join('; ')})`);
}

/** Why the bucket did not take the statement; undefined when it has it. */
export async function putStatement(
  { bucket }: PeriodBucket,
  period: Pick<ClosedPeriod, 'from' | 'to' | 'statement'>,
  gzip: Uint8Array,
): Promise<string | undefined> {
  const answer = await bucket.putIfAbsent(statementKey(period, period.statement), gzip, writeMs);
  return isStored(answer) ? undefined : answerText(answer);
}

/** Why the bucket did not take the list; undefined when it did. Compare-and-swap: nobody else changed the copy. */
export async function replacePeriods(
  { bucket }: PeriodBucket,
  { etag }: PeriodCopy,
  periods: readonly ClosedPeriod[],
): Promise<string | undefined> {
  const replaced = await bucket.replace(closedPeriodsKey, encodeClosedPeriods(periods), etag, lookMs);
  if (replaced.kind === 'ok') return undefined;
  const { answer } = replaced;
  return callOutcome(answer) === 'exists' ? 'somebody else changed the list meanwhile' : answerText(answer);
}
