import { healthPaths, healthWords } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { type Http, jsonFields } from './http-client.ts';

/** The public pages of a deployment that say how its regions are. */

export type HealthAnswer =
  | { readonly kind: 'well'; readonly region: string }
  | { readonly kind: 'ill'; readonly reason: string };

/** Asks the region behind this origin for its name, and whether it can capture an event now. */
export async function askHealth(http: Http, origin: string): Promise<HealthAnswer> {
  const { status, error, body } = await http({ origin, target: healthPaths.capture, budgetMs: limits.operator.pageMs });
  if (status === 0) return { kind: 'ill', reason: error };
  const { health, region } = jsonFields(body);
  if (status === 200 && health === healthWords.capture && typeof region === 'string') return { kind: 'well', region };
  return { kind: 'ill', reason: `answers ${status}${typeof health === 'string' ? ` ${health}` : ''}` };
}

export type DrainedAnswer =
  | { readonly kind: 'drained' }
  | { readonly kind: 'not-drained' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Asks the peer of `region` whether `region` is drained. The health checks follow this answer. */
export async function askDrained(http: Http, peerOrigin: string, region: string): Promise<DrainedAnswer> {
  const { pageMs } = limits.operator;
  const { status, error, body } = await http({
    origin: peerOrigin,
    target: `${healthPaths.drained}${region}`,
    budgetMs: pageMs,
  });
  if (status === 0) return { kind: 'unknown', reason: error };
  const { drained } = jsonFields(body);
  if (status === 200 && drained === healthWords.drained) return { kind: 'drained' };
  return status === 200 && drained === 'no'
    ? { kind: 'not-drained' }
    : { kind: 'unknown', reason: `answers ${status}` };
}

export interface NameAnswers {
  /** The number of good answers of each region. */
  readonly regions: Readonly<Record<string, number>>;
  /** The reasons of all other answers. */
  readonly failures: readonly string[];
}

/**
 * Asks the tracking name several times at once, each time on a connection of its own. The answers may come from
 * different regions, because resolvers keep old addresses and health checkers can disagree.
 */
export async function askName(http: Http, trackingUrl: string): Promise<NameAnswers> {
  const asks = Array.from({ length: limits.operator.nameAsks }, () => askHealth(http, trackingUrl));
  const answers = await Promise.all(asks);
  const regions: Record<string, number> = {};
  for (const one of answers) if (one.kind === 'well') regions[one.region] = (regions[one.region] ?? 0) + 1;
  return { regions, failures: answers.flatMap((one) => (one.kind === 'ill' ? [one.reason] : [])) };
}

/** `us-east-1 3 of 5 times, us-west-2 2 of 5 times`; only the region when all answers agree. */
export function nameText({ regions, failures }: NameAnswers): string {
  const total = Object.values(regions).reduce((sum, count) => sum + count, failures.length);
  const parts = [
    ...Object.entries(regions),
    ...[...new Set(failures)].map((reason): [string, number] => [
      `nowhere (${reason})`,
      failures.filter((one) => one === reason).length,
    ]),
  ];
  return parts.map(([who, count]) => (count === total ? who : `${who} ${count} of ${total} times`)).join(', ');
}
