import { answerText } from '../../core/call-outcome.ts';
import { hourPrefix, parseLogKey } from '../../core/log/log-key.ts';
import type { Fetched, StoredObject } from '../../core/ports.ts';
import type { Deployment } from './deployment.ts';
import { type ListedObject, type LogClient, openLogClient } from './log-client.ts';

/** The calls that commands make to a log. */
export type ReadableLog = Pick<LogClient, 'name' | 'list' | 'get' | 'notes'>;

/** One region's log. When a call fails, `reason` says why, and no command asks the log again. */
export interface AskedLog {
  readonly region: string;
  readonly bucket: ReadableLog;
  reason?: string;
}

/** Opens the logs of both regions for `use`, the primary's first, and closes them afterwards. */
export async function withBothLogs<T>(
  deployment: Deployment,
  use: (logs: readonly AskedLog[]) => Promise<T>,
): Promise<T> {
  const logs = deployment.regions.map((region) => ({ region, bucket: openLogClient(deployment, region) }));
  try {
    return await use(logs);
  } finally {
    for (const { bucket } of logs) bucket.close();
  }
}

/** Undefined when the log has no such object or does not answer. A log that failed once is not asked again. */
export async function asked<T>(
  log: AskedLog,
  ask: (bucket: ReadableLog) => Promise<Fetched<T>>,
): Promise<T | undefined> {
  if (log.reason !== undefined) return undefined;
  const answer = await ask(log.bucket);
  if (answer.kind === 'ok') return answer.value;
  const isMissing = answer.answer.status === 404 && answer.answer.code !== 'NoSuchBucket';
  if (!isMissing) log.reason = answerText(answer.answer);
  return undefined;
}

export interface HourOfLogs {
  /** Segments that at least one log has. The same key holds the same lines in both. */
  readonly segments: readonly ListedObject[];
  /** False when no log answers. Also false when a log was not listed to its end: it may have further segments. */
  readonly isWhole: boolean;
}

export async function hourOfLogs(logs: readonly AskedLog[], hourStartMs: number): Promise<HourOfLogs> {
  const listings = await Promise.all(logs.map((log) => asked(log, (bucket) => bucket.list(hourPrefix(hourStartMs)))));
  const known = listings.filter((one) => one !== undefined);
  const segments = new Map<string, ListedObject>();
  for (const object of known.flatMap(({ objects }) => objects)) {
    if (parseLogKey(object.key) && !segments.has(object.key)) segments.set(object.key, object);
  }
  return { segments: [...segments.values()], isWhole: known.length > 0 && known.every(({ complete }) => complete) };
}

/** Asks one log after the other for an object that `accept` takes. Undefined when no log has one. */
export async function readFromEither<T>(
  logs: readonly AskedLog[],
  key: string,
  accept: (object: StoredObject) => T | undefined,
): Promise<T | undefined> {
  for (const log of logs) {
    const object = await asked(log, (bucket) => bucket.get(key));
    const accepted = object && accept(object);
    if (accepted !== undefined) return accepted;
  }
  return undefined;
}
