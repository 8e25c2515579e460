import { callOutcome } from '../../core/call-outcome.ts';
import { type FirstConversion, releaseFirst } from '../../core/ledger/first-conversion.ts';
import { limits } from '../../core/limits/limits.ts';
import { readFirsts, writeTogether } from './conversion-index.ts';
import { done, type LedgerPorts, left, newToken, refused, type Step } from './steps.ts';

/** Gives up keys of which the conversion is gone from its hour, for those hours that have another one. `gone`: ids by key. */
export async function releaseGone(
  gone: ReadonlyMap<string, string>,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  const firsts = await readFirsts([...gone.keys()], ports);
  if (firsts.kind === 'left') return firsts;
  for (const [key, id] of gone) {
    const released = await releaseOne(key, id, firsts.value.get(key), ports, endMs);
    if (released.kind === 'left') return released;
  }
  return done(undefined);
}

async function releaseOne(
  key: string,
  goneId: string,
  known: FirstConversion | undefined,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  let first = known;
  let overtaken = 0;
  while (overtaken < limits.ledger.attemptsMax) {
    const writes = releaseFirst(key, goneId, first, newToken(ports));
    if (writes.length === 0) return done(undefined);
    const answer = await writeTogether(writes, ports, endMs);
    const outcome = callOutcome(answer);
    if (outcome !== 'done' && outcome !== 'unmet') return refused('cannot write to the conversion index', answer);
    // Another hour put itself down, or claimed the key, between reading and writing.
    if (outcome === 'unmet') overtaken += 1;
    const read = await readFirsts([key], ports);
    if (read.kind === 'left') return read;
    first = read.value.get(key);
  }
  return left(`other hours claim the conversion ${key} all the time`);
}
