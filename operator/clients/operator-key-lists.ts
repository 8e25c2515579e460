import { S3Client } from '@aws-sdk/client-s3';
import { answerText, callOutcome, isOvertaken } from '../../core/call-outcome.ts';
import { logBucketName } from '../../core/config/resource-names.ts';
import {
  encodeOperatorKeys,
  mergeOperatorKeys,
  type OperatorKey,
  OperatorKeys,
  operatorKeysKey,
  parseOperatorKeys,
} from '../../core/keys/operator-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Bucket } from '../../core/ports.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from './deployment.ts';

/** The public keys of operators that one region's log bucket has. */
export type KeyList =
  /** `etag` is undefined when the bucket has no list yet. */
  | { readonly kind: 'known'; readonly region: string; readonly keys: OperatorKeys; readonly etag: string | undefined }
  | { readonly kind: 'unknown'; readonly region: string; readonly reason: string };

type Buckets = ReadonlyMap<string, Pick<Bucket, 'get' | 'replace'>>;

const { lookMs, keyListAttemptsMax } = limits.operator;

/** The lists of both regions, the primary's first. */
export function readKeyLists(deployment: Deployment): Promise<readonly KeyList[]> {
  return withBuckets(deployment, (buckets) => readAll(buckets));
}

/** Every key that one of the lists has. The latest change of a key counts. */
export function publishedKeys(lists: readonly KeyList[]): OperatorKeys {
  return new OperatorKeys(mergeOperatorKeys(lists.map((list) => (list.kind === 'known' ? list.keys.keys : []))));
}

/** The keys that at least one region publishes. When no list can be read, prints why, sets exit code 1, gives undefined. */
export async function askPublishedKeys(
  deployment: Deployment,
  shell: Pick<Shell, 'error' | 'exitWith'>,
): Promise<OperatorKeys | undefined> {
  const lists = await readKeyLists(deployment);
  if (lists.some(({ kind }) => kind === 'known')) return publishedKeys(lists);
  tellUnread(lists, shell);
  shell.exitWith(1);
  return undefined;
}

/** Prints which lists cannot be read, and why. */
export function tellUnread(lists: readonly KeyList[], { error }: Pick<Shell, 'error'>): void {
  for (const line of unreadLists(lists)) error(line);
}

/** A line for each list that cannot be read, and one more when none can be. */
export function unreadLists(lists: readonly KeyList[]): readonly string[] {
  const unread = lists.filter((list) => list.kind === 'unknown');
  const lines = unread.map(({ region, reason }) => `${region}: its list of operators' keys cannot be read (${reason})`);
  const isNoneRead = lists.length > 0 && unread.length === lists.length;
  return isNoneRead ? [...lines, 'No region says which keys are published.'] : lines;
}

export interface ChangedKeyList {
  readonly region: string;
  /** Why the bucket did not take the list; absent when it did. */
  readonly failure?: string;
}

/**
 * Changes the lists of both regions by compare-and-swap. Each region gets the keys of both, so a list that missed an
 * earlier change is completed. `lists`: as they were read last. A region that did not give its list then is left out,
 * because a second wait for it would be in vain.
 */
export function changeKeyLists(
  deployment: Deployment,
  lists: readonly KeyList[],
  change: (keys: readonly OperatorKey[]) => readonly OperatorKey[],
): Promise<readonly ChangedKeyList[]> {
  const wanted = change(publishedKeys(lists).keys);
  return withBuckets(deployment, (buckets) => Promise.all(lists.map((list) => writeList(buckets, list, wanted))));
}

async function writeList(buckets: Buckets, list: KeyList, wanted: readonly OperatorKey[]): Promise<ChangedKeyList> {
  const { region } = list;
  let held = list;
  for (let attempt = 1; ; attempt += 1) {
    if (held.kind === 'unknown') return { region, failure: held.reason };
    const keys = mergeOperatorKeys([wanted, held.keys.keys]);
    const written = await buckets.get(region)?.replace(operatorKeysKey, encodeOperatorKeys(keys), held.etag, lookMs);
    if (written?.kind === 'ok') return { region };
    const answer = written?.answer ?? { status: 0, code: 'no bucket' };
    if (!isOvertaken(answer) || attempt >= keyListAttemptsMax) return { region, failure: answerText(answer) };
    held = await readList(buckets, region);
  }
}

function readAll(buckets: Buckets): Promise<readonly KeyList[]> {
  return Promise.all([...buckets.keys()].map((region) => readList(buckets, region)));
}

async function readList(buckets: Buckets, region: string): Promise<KeyList> {
  const fetched = await buckets.get(region)?.get(operatorKeysKey, lookMs);
  if (fetched?.kind === 'ok') {
    const keys = parseOperatorKeys(fetched.value.body);
    if (keys !== undefined) return { kind: 'known', region, keys, etag: fetched.value.etag };
    return { kind: 'unknown', region, reason: `${operatorKeysKey} is no list of keys: somebody changed it by hand` };
  }
  const answer = fetched?.answer ?? { status: 0, code: 'no bucket' };
  if (callOutcome(answer) !== 'missing') return { kind: 'unknown', region, reason: answerText(answer) };
  return { kind: 'known', region, keys: new OperatorKeys([]), etag: undefined };
}

async function withBuckets<T>(
  { config, regions, clientOptions }: Deployment,
  use: (buckets: Buckets) => Promise<T>,
): Promise<T> {
  const opened = regions.map((region) => ({ region, client: new S3Client(clientOptions(region)) }));
  const buckets = opened.map(
    ({ region, client }) => [region, s3Bucket(client, logBucketName(config, region))] as const,
  );
  try {
    return await use(new Map(buckets));
  } finally {
    for (const { client } of opened) client.destroy();
  }
}
