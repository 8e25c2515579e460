import type { Catalog } from '../../../core/catalog/catalog.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { type PostbackBucket, PostbacksFailure, withPostbackBuckets } from '../../clients/postback-objects.ts';
import { anyPublishedCatalog } from '../../clients/published-catalog.ts';

export interface PostbacksPlace {
  readonly deployment: Deployment;
  readonly buckets: readonly PostbackBucket[];
  readonly catalog: Catalog;
}

/** Opens both regions for `use`. When no region answers, prints why and sets exit code 1. */
export async function withPostbacks(
  options: GlobalOptions,
  shell: Shell,
  use: (place: PostbacksPlace) => Promise<void>,
): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  try {
    const catalog = await anyPublishedCatalog(deployment);
    if (catalog === undefined) throw new PostbacksFailure('no region gives its catalog');
    await withPostbackBuckets(deployment, (buckets) => use({ deployment, buckets, catalog }));
  } catch (error) {
    if (!(error instanceof PostbacksFailure)) throw error;
    shell.error(error.message);
    shell.exitWith(1);
  }
}

/** Undefined for text that is no id of a postback. */
export function parsePostbackId(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}
