import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { figuresTableName } from '../../core/config/resource-names.ts';
import { dynamodbTable } from '../../lambda/aws/dynamodb-table.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from '../clients/deployment.ts';
import { FiguresFailure, FiguresReader } from './figures-reader.ts';

/** Calls `use` with a reader of the region's figures and closes its connections afterwards. */
export async function withFigures<T>(
  { config, clientOptions }: Deployment,
  region: string,
  { clock }: Pick<Shell, 'clock'>,
  use: (reader: FiguresReader) => Promise<T>,
): Promise<T> {
  const client = new DynamoDBClient(clientOptions(region));
  try {
    return await use(new FiguresReader(region, dynamodbTable(client, figuresTableName(config)), clock));
  } finally {
    client.destroy();
  }
}

export type OfSomeRegion<T> =
  /** `reasons`: why the regions before this one could not be read. */
  | { readonly kind: 'ok'; readonly value: T; readonly reasons: readonly string[] }
  /** `reasons`: why each of the regions could not be read. */
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

/** The result of `use` for the first of these regions whose figures can be read. */
export async function fromFirstOf<T>(
  regions: readonly string[],
  deployment: Deployment,
  shell: Shell,
  use: (reader: FiguresReader) => Promise<T>,
): Promise<OfSomeRegion<T>> {
  const reasons: string[] = [];
  for (const region of regions) {
    try {
      return { kind: 'ok', value: await withFigures(deployment, region, shell, use), reasons };
    } catch (error) {
      if (!(error instanceof FiguresFailure)) throw error;
      reasons.push(error.message);
    }
  }
  return { kind: 'failed', reasons };
}
