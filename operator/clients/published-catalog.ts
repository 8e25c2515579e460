import { answerText, callOutcome } from '../../core/call-outcome.ts';
import type { Catalog } from '../../core/catalog/catalog.ts';
import { catalogKey, type ParsedSnapshot, parseSnapshot } from '../../core/catalog/snapshot.ts';
import type { Deployment } from './deployment.ts';
import { openLogClient } from './log-client.ts';

/** `isMissing`: the region answers that it has none. */
export type PublishedCatalog = ParsedSnapshot & { readonly isMissing?: true };

/** The catalog in the log of a region; `invalid`, with a reason for people, also when there is none. */
export async function publishedCatalog(deployment: Deployment, region: string): Promise<PublishedCatalog> {
  const log = openLogClient(deployment, region);
  try {
    const fetched = await log.get(catalogKey);
    if (fetched.kind === 'failed') {
      const isMissing = callOutcome(fetched.answer) === 'missing';
      return { kind: 'invalid', reason: answerText(fetched.answer), ...(isMissing && { isMissing }) };
    }
    return parseSnapshot(Buffer.from(fetched.value.body).toString('utf8'));
  } finally {
    log.close();
  }
}

/** The catalog of the region that gives one first. Both are asked at once, so that a dead region costs no time. */
export async function anyPublishedCatalog(deployment: Deployment): Promise<Catalog | undefined> {
  const asked = deployment.regions.map(async (region) => {
    const published = await publishedCatalog(deployment, region);
    if (published.kind === 'catalog') return published.catalog;
    throw new Error(published.reason);
  });
  return Promise.any(asked).catch(() => undefined);
}
