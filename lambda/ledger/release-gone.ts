import { callOutcome } from '../../core/call-outcome.ts';
import { type FirstConversion, releaseFirst } from '../../core/ledger/first-conversion.ts';
import { limits } from '../../core/limits/limits.ts';
import { readFirsts, writeTogether } from './conversion-index.ts';
import { done, type LedgerPorts, left, newToken, refused, type Step } from './steps.ts';

/** Releases keys whose conversion is gone from its hour, so that other hours can claim them. `gone`: ids by key. */
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
    // Between reading and writing, another hour claimed the key or noted that it has a conversion of the key.
    if (outcome === 'unmet') overtaken += 1;
    const read = await readFirsts([key], ports);
    if (read.kind === 'left') return read;
    first = read.value.get(key);
  }
  return left(`other hours claim the conversion ${key} all the time`);
}
