import { callOutcome } from '../../core/call-outcome.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { claimFirst, type FirstClaim, type FirstConversion, reopenWrite } from '../../core/ledger/first-conversion.ts';
import type { Leader } from '../../core/ledger/leaders.ts';
import { limits } from '../../core/limits/limits.ts';
import { readFirsts, writeTogether } from './conversion-index.ts';
import { done, type LedgerPorts, left, newToken, refused, type Step } from './steps.ts';

const { tableCallsAtOnceMax, attemptsMax } = limits.ledger;

/** As many claims as fit into one transaction together with the hour that they reopen. */
const claimsAtOnce = limits.figures.chunkRowsMax;

/**
 * Claims for each leader that it is the first conversion of its key, and gives the keys of those that are. An hour that
 * loses its conversion to a claim is reopened in the same transaction.
 */
export async function claimLeaders(
  leaders: readonly Leader[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<ReadonlySet<string>>> {
  const counted = new Set<string>();
  for (let from = 0; from < leaders.length; from += claimsAtOnce) {
    if (ports.clock.nowMs() >= endMs) return left('the time is over');
    const claimed = await claimBatch(leaders.slice(from, from + claimsAtOnce), ports, endMs);
    if (claimed.kind === 'left') return claimed;
    for (const key of claimed.value) counted.add(key);
  }
  return done(counted);
}

/** A leader, and the first conversion of its key in the index. */
interface Claimant {
  readonly leader: Leader;
  readonly first: FirstConversion | undefined;
}

async function claimBatch(
  batch: readonly Leader[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<readonly string[]>> {
  const firsts = await readFirsts(
    batch.map(({ key }) => key),
    ports,
  );
  if (firsts.kind === 'left') return firsts;
  const claimants = batch.map((leader) => ({ leader, first: firsts.value.get(leader.key) }));
  const reopened = claimants.map((claimant) => claimOf(claimant, ports).reopens);
  const counted: string[] = [];
  for (const reopens of new Set(reopened)) {
    const group = claimants.filter((_, index) => reopened[index] === reopens);
    const claimed =
      reopens === undefined
        ? await claimEach(group, tableCallsAtOnceMax, ports, endMs)
        : await claimTogether(group, reopens, ports, endMs);
    if (claimed.kind === 'left') return claimed;
    counted.push(...claimed.value);
  }
  return done(counted);
}

/**
 * Makes claims that reopen the same hour in one transaction. Separate transactions side by side would all write that
 * hour's item and cancel each other. When one of the claims no longer holds, makes one after the other.
 */
async function claimTogether(
  claimants: readonly Claimant[],
  reopens: number,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<readonly string[]>> {
  const writes = claimants.flatMap((claimant) => claimOf(claimant, ports).write ?? []);
  const answer = await writeTogether([...writes, reopenWrite(reopens, newToken(ports))], ports, endMs);
  switch (callOutcome(answer)) {
    case 'done':
      return done(keysOf(claimants));
    case 'unmet':
      return claimEach(claimants, 1, ports, endMs);
    default:
      return refused('cannot write to the conversion index', answer);
  }
}

async function claimEach(
  claimants: readonly Claimant[],
  atOnceMax: number,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<readonly string[]>> {
  const claimed = await inParallel(claimants, atOnceMax, (claimant) => claimOne(claimant, ports, endMs));
  const failure = claimed.find((step) => step.kind === 'left');
  if (failure?.kind === 'left') return failure;
  return done(keysOf(claimants.filter((_, index) => isCounted(claimed[index]))));
}

async function claimOne(claimant: Claimant, ports: LedgerPorts, endMs: number): Promise<Step<boolean>> {
  const { leader } = claimant;
  let { first } = claimant;
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const { isFirst, write, reopens } = claimOf({ leader, first }, ports);
    if (write === undefined) return done(isFirst);
    const writes = reopens === undefined ? [write] : [write, reopenWrite(reopens, newToken(ports))];
    const answer = await writeTogether(writes, ports, endMs);
    if (callOutcome(answer) === 'done') return done(isFirst);
    if (callOutcome(answer) !== 'unmet') return refused('cannot write to the conversion index', answer);
    // Another hour claimed the key meanwhile.
    const read = await readFirsts([leader.key], ports);
    if (read.kind === 'left') return read;
    first = read.value.get(leader.key);
  }
  return left(`other hours claim the conversion ${leader.key} all the time`);
}

function claimOf({ leader, first }: Claimant, ports: LedgerPorts): FirstClaim {
  return claimFirst(leader.key, leader.event.id, first, newToken(ports));
}

function keysOf(claimants: readonly Claimant[]): readonly string[] {
  return claimants.map(({ leader }) => leader.key);
}

function isCounted(step: Step<boolean> | undefined): boolean {
  return step?.kind === 'done' && step.value;
}
