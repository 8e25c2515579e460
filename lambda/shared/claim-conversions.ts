import { callOutcome } from '../../core/call-outcome.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { earliestOf } from '../../core/figures/conversions.ts';
import {
  type ProvisionalClaim,
  type ProvisionalClaims,
  provisionalClaimOf,
  provisionalClaimUpdate,
} from '../../core/figures/provisional-claim.ts';
import { provisionalClaimKey } from '../../core/figures/table-keys.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { limits } from '../../core/limits/limits.ts';
import type { LogKey } from '../../core/log/log-key.ts';
import type { Answer, Fetched, Table } from '../../core/ports.ts';
import { type RetryTableCallPorts, retryTableCall } from './retry-table-call.ts';

const { claimsAtOnceMax, tableBudgetMs } = limits.stats;

export interface ClaimPorts extends RetryTableCallPorts {
  readonly table: Table;
}

/**
 * Claims each conversion key that the events of a segment compete for, with the earliest of these events. Gives who
 * holds each key afterwards. A claim never changes hands, so a segment counts the same however often it is tried.
 */
export async function claimConversions(
  segment: LogKey,
  events: readonly LoggedEvent[],
  ports: ClaimPorts,
  endMs: number,
): Promise<Fetched<ProvisionalClaims>> {
  const earliest = earliestOf(events);
  if (earliest.size === 0) return { kind: 'ok', value: new Map() };
  const held = await readClaims([...earliest.keys()], ports, endMs);
  if (held.kind === 'failed') return held;
  const wanted = [...earliest].filter(([key]) => !held.value.has(key));
  const mine = new Map(
    wanted.map(([key, eventId]): [string, ProvisionalClaim] => [key, { eventId, segmentId: segment.segmentId }]),
  );
  const answers = await inParallel(wanted, claimsAtOnceMax, async ([key, eventId]) => {
    const update = provisionalClaimUpdate(key, eventId, segment);
    return { key, answer: await retryTableCall((budgetMs) => ports.table.write(update, budgetMs), ports, endMs) };
  });
  const failed = answers.find(({ answer }) => !isAnswered(answer));
  if (failed) return { kind: 'failed', answer: failed.answer };
  const lost = answers.filter(({ answer }) => callOutcome(answer) === 'unmet').map(({ key }) => key);
  const others = await readClaims(lost, ports, endMs);
  if (others.kind === 'failed') return others;
  return { kind: 'ok', value: new Map([...held.value, ...mine, ...others.value]) };
}

function isAnswered(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome === 'done' || outcome === 'unmet';
}

async function readClaims(
  keys: readonly string[],
  { table, clock }: ClaimPorts,
  endMs: number,
): Promise<Fetched<ProvisionalClaims>> {
  if (keys.length === 0) return { kind: 'ok', value: new Map() };
  const items = await table.get(keys.map(provisionalClaimKey), Math.min(tableBudgetMs, endMs - clock.nowMs()));
  if (items.kind === 'failed') return items;
  const keyOf = new Map(keys.map((key) => [provisionalClaimKey(key).pk, key]));
  const claims = items.value.flatMap((item): readonly [string, ProvisionalClaim][] => {
    const key = keyOf.get(`${item['pk']}`);
    const claim = provisionalClaimOf(item);
    return key !== undefined && claim ? [[key, claim]] : [];
  });
  return { kind: 'ok', value: new Map(claims) };
}
