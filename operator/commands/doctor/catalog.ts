import { S3Client } from '@aws-sdk/client-s3';
import { catalogKey, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { logBucketName } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import { s3Bucket } from '../../../lambda/aws/s3-bucket.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { Finding } from './finding.ts';

/** The version of the catalog in a region's log; `found` says in words why there is none. */
export interface CatalogFact {
  readonly region: string;
  readonly found: string;
  readonly isVersion: boolean;
}

export async function readCatalogVersion({ config, clientOptions }: Deployment, region: string): Promise<CatalogFact> {
  const client = new S3Client(clientOptions(region));
  const bucket = s3Bucket(client, logBucketName(config, region), catalogKey);
  const object = await bucket.get(catalogKey, limits.operator.requestMs);
  client.destroy();
  if (object.kind === 'failed') return { region, found: `none (${object.answer.code})`, isVersion: false };
  const parsed = parseSnapshot(Buffer.from(object.value.body).toString());
  if (parsed.kind !== 'catalog') return { region, found: 'not readable', isVersion: false };
  return { region, found: parsed.catalog.version, isVersion: true };
}

/** Two regions with two catalogs redirect and pay differently. */
export function judgeCatalogs(facts: readonly CatalogFact[]): readonly Finding[] {
  const todo = 'run catalog publish, which brings it to both regions';
  const what = 'catalog';
  const unread = facts.filter(({ isVersion }) => !isVersion);
  const versions = [...new Set(facts.filter(({ isVersion }) => isVersion).map(({ found }) => found))];
  return [
    ...unread.map(({ region, found }) => ({ region, what, expected: 'a published version', found, todo })),
    ...(versions.length > 1
      ? [{ region: 'both', what, expected: 'the same version in both logs', found: versions.join(' and '), todo }]
      : []),
  ];
}
