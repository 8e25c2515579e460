import { S3Client } from '@aws-sdk/client-s3';
import { answerText, callOutcome, isOvertaken, isStored } from '../../core/call-outcome.ts';
import type { CatalogContent } from '../../core/catalog/catalog.ts';
import {
  encodePublications,
  mergedPublications,
  type Publication,
  parsePublications,
  publicationsKey,
} from '../../core/catalog/publications.ts';
import { catalogKey, catalogVersionKey, parseSnapshot, type Snapshot } from '../../core/catalog/snapshot.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Bucket, StoredObject } from '../../core/ports.ts';
import { s3Bucket } from '../../lambda/aws/s3-bucket.ts';
import type { Deployment } from './deployment.ts';
import { type LogClient, openLogClient } from './log-client.ts';

/** What a region's log says of the published catalog. */
export type CatalogCopy =
  | { readonly kind: 'read'; readonly region: string; readonly held: HeldCatalog }
  | { readonly kind: 'unreadable'; readonly region: string; readonly reason: string };

export interface HeldCatalog {
  /** Absent when nothing usable is published. */
  readonly current?: { readonly version: string; readonly content: CatalogContent };
  /** Absent when the region has no such object. */
  readonly catalogEtag?: string;
  readonly publications: readonly Publication[];
  readonly publicationsEtag?: string;
}

/** `overtaken`: the region's catalog is no longer the one that was read. */
export type Published =
  | { readonly kind: 'published' }
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The catalogs of both regions, the primary's first. */
export async function withCatalogCopies<T>(
  deployment: Deployment,
  use: (copies: readonly CatalogCopy[], publish: PublishTo) => Promise<T>,
): Promise<T> {
  const opened = deployment.regions.map((region) => {
    const client = new S3Client(deployment.clientOptions(region));
    const log = openLogClient(deployment, region);
    return { region, client, log, bucket: s3Bucket(client, log.name) };
  });
  try {
    const copies = await Promise.all(opened.map(({ region, bucket }) => readCopy(region, bucket)));
    return await use(copies, async (region, ...writing) => {
      const found = opened.find((one) => one.region === region);
      return found ? publishTo(found, ...writing) : { kind: 'failed', reason: 'no such region' };
    });
  } finally {
    for (const { client, log } of opened) {
      client.destroy();
      log.close();
    }
  }
}

/**
 * Publishes in one region while its catalog is still `held`; in any case when `held` is undefined. `publications` are
 * those that the region then lists.
 */
type PublishTo = (
  region: string,
  snapshot: Snapshot,
  publications: readonly Publication[],
  held: HeldCatalog | undefined,
) => Promise<Published>;

async function readCopy(region: string, bucket: Bucket): Promise<CatalogCopy> {
  const [catalog, publications] = await Promise.all([
    bucket.get(catalogKey, limits.operator.publishMs),
    bucket.get(publicationsKey, limits.operator.lookMs),
  ]);
  for (const one of [catalog, publications]) {
    if (one.kind === 'failed' && callOutcome(one.answer) !== 'missing')
      return { kind: 'unreadable', region, reason: answerText(one.answer) };
  }
  return {
    kind: 'read',
    region,
    held: {
      ...(catalog.kind === 'ok' && currentOf(catalog.value)),
      publications: (publications.kind === 'ok' && parsePublications(publications.value.body)) || [],
      ...(publications.kind === 'ok' && { publicationsEtag: publications.value.etag }),
    },
  };
}

function currentOf({ body, etag }: StoredObject): Pick<HeldCatalog, 'current' | 'catalogEtag'> {
  const parsed = parseSnapshot(Buffer.from(body).toString());
  return {
    catalogEtag: etag,
    ...(parsed.kind === 'catalog' && { current: { version: parsed.catalog.version, content: parsed.content } }),
  };
}

interface OpenedLog {
  readonly log: LogClient;
  readonly bucket: Bucket;
}

/**
 * The versioned copy comes first, so that the current catalog always exists under its version. Then comes who publishes
 * it, so that no catalog is current without a name.
 */
async function publishTo(
  opened: OpenedLog,
  { version, text }: Snapshot,
  publications: readonly Publication[],
  held: HeldCatalog | undefined,
): Promise<Published> {
  const snapshot = Buffer.from(text);
  const writes: readonly Write[] = [
    { key: catalogVersionKey(version), body: snapshot },
    { key: publicationsKey, body: encodePublications(publications), ...(held && { ifEtag: held.publicationsEtag }) },
    { key: catalogKey, body: snapshot, ...(held && { ifEtag: held.catalogEtag }) },
  ];
  for (const write of writes) {
    const published = await carryOut(opened, write);
    if (published.kind === 'failed')
      return { kind: 'failed', reason: `s3://${opened.log.name}/${write.key}: ${published.reason}` };
    if (published.kind === 'overtaken') return published;
  }
  return { kind: 'published' };
}

interface Write {
  readonly key: string;
  readonly body: Uint8Array;
  /** Writes only while the object has this etag; undefined = while there is none. Left out: whatever is there. */
  readonly ifEtag?: string | undefined;
}

async function carryOut({ bucket, log }: OpenedLog, write: Write): Promise<Published> {
  const { key, body } = write;
  const { publishMs } = limits.operator;
  if (!('ifEtag' in write)) return outcomeOf(await log.put(key, Buffer.from(body).toString(), publishMs));
  const replaced = await bucket.replace(key, body, write.ifEtag, publishMs);
  if (replaced.kind === 'ok') return { kind: 'published' };
  if (!isOvertaken(replaced.answer)) return outcomeOf(replaced.answer);
  // After a lost answer, the other writer can be this command itself.
  const found = await bucket.get(key, publishMs);
  const isOurs = found.kind === 'ok' && Buffer.compare(found.value.body, body) === 0;
  return { kind: isOurs ? 'published' : 'overtaken' };
}

function outcomeOf(answer: Answer): Published {
  return isStored(answer) ? { kind: 'published' } : { kind: 'failed', reason: answerText(answer) };
}

/** The publications that are known in either region. */
export function allPublications(copies: readonly CatalogCopy[]): readonly Publication[] {
  return mergedPublications(copies.map((copy) => (copy.kind === 'read' ? copy.held.publications : [])));
}
