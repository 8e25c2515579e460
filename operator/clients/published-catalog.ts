import { answerText } from '../../core/call-outcome.ts';
import { catalogKey, type ParsedSnapshot, parseSnapshot } from '../../core/catalog/snapshot.ts';
import type { Deployment } from './deployment.ts';
import { openLogClient } from './log-client.ts';

/** The catalog in the log of a region; `invalid`, with a reason for people, also when there is none. */
export async function publishedCatalog(deployment: Deployment, region: string): Promise<ParsedSnapshot> {
  const log = openLogClient(deployment, region);
  try {
    const fetched = await log.get(catalogKey);
    if (fetched.kind === 'failed') return { kind: 'invalid', reason: answerText(fetched.answer) };
    return parseSnapshot(Buffer.from(fetched.value.body).toString('utf8'));
  } finally {
    log.close();
  }
}
