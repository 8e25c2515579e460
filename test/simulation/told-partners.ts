import type { PostbackStanding } from '../../core/catalog/catalog.ts';
import { eventOf } from '../core/figures/fold-lines.ts';
import { deliveries } from '../lambda/notify/notify-scene.ts';
import type { Days } from './caps-days.ts';
import { standingsIn } from './caps-oracle.ts';

/** What partners have to be told, and what they were told (I12). */

/** The rules of the network's postbacks, once more. */
const rules = [
  { id: 1, affiliateId: 0, allGoals: false, on: ['approved'] },
  { id: 2, affiliateId: 7, allGoals: true, on: ['approved', 'pending', 'rejected', 'reversed'] },
  { id: 3, affiliateId: 8, allGoals: false, on: ['approved'] },
] as const;

/** `postback key standing` of what every conversion came to in the end. */
export function owedPostbacks(lines: readonly string[]): readonly string[] {
  return standingsIn(lines).flatMap(({ key, standing, first }) => {
    const fires = ({ affiliateId, allGoals, on }: (typeof rules)[number]) =>
      (affiliateId === 0 || affiliateId === first['aff_id']) &&
      (allGoals || first['goal_id'] === undefined) &&
      (on as readonly PostbackStanding[]).includes(standing.status);
    return rules.filter(fires).map(({ id }) => `${id} ${key} ${standing.status}`);
  });
}

/** By `postback key standing`, the idempotency id of each request. */
export function toldPostbacks({ partners }: Days, lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const keys = new Map(lines.map(eventOf).map((event) => [event.id, event['conversion_key']]));
  const told = new Map<string, string[]>();
  for (const { url } of partners.got) {
    const { host, searchParams } = new URL(url);
    const [conversion, status, id] = ['conversion', 'status', 'id'].map((name) => searchParams.get(name) ?? '');
    const [, postback] = /^partner-(\d+)\./.exec(host) ?? [];
    const name = `${postback} ${keys.get(conversion ?? '')} ${status}`;
    told.set(name, [...(told.get(name) ?? []), id ?? '']);
  }
  return told;
}

/** By `postback key standing`, how often it was tried, of what is listed as not delivered. */
export function listedAsFailed({ world }: Days): ReadonlyMap<string, number> {
  const failed = deliveries(world).filter(({ status }) => status === 'failed' || status === 'due');
  return new Map(
    failed.map(({ postbackId, line, attempts }) => [`${postbackId} ${line.key} ${line.standing}`, attempts]),
  );
}

/** Events of attempts in the log, each once. */
export function attemptsIn(lines: readonly string[]): number {
  const attempts = lines.map(eventOf).filter(({ type }) => type === 'postback');
  return new Set(attempts.map(({ id }) => id)).size;
}
