import { answerText, callOutcome } from '../../../core/call-outcome.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import type { Learned } from '../../clients/queue-facts.ts';

export interface RegionObject<T> {
  readonly key: string;
  /** Undefined for bytes that are no such object. */
  readonly parse: (bytes: Uint8Array) => T | undefined;
}

/**
 * What a region says in an object that it writes into both buckets: from its own bucket or, when that does not answer,
 * from its peer's. Undefined = there is no such object.
 */
export async function regionObject<T>(
  deployment: Deployment,
  region: string,
  object: RegionObject<T>,
): Promise<Learned<T | undefined>> {
  const own = await readIn(deployment, region, object);
  return own.kind === 'known' ? own : readIn(deployment, deployment.peerOf(region), object);
}

async function readIn<T>(
  deployment: Deployment,
  bucketOf: string,
  { key, parse }: RegionObject<T>,
): Promise<Learned<T | undefined>> {
  const log = openLogClient(deployment, bucketOf);
  const object = await log.get(key);
  log.close();
  if (object.kind === 'failed') {
    if (callOutcome(object.answer) === 'missing') return { kind: 'known', value: undefined };
    return { kind: 'unknown', reason: answerText(object.answer) };
  }
  const value = parse(object.value.body);
  return value === undefined ? { kind: 'unknown', reason: `${key} cannot be understood` } : { kind: 'known', value };
}
