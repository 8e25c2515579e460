import { expect, test } from 'vitest';
import { seededChance } from '../../core/seeded-chance.ts';
import { createFunction, createSimulatedWorld } from '../../simulation/world.ts';
import { home } from '../lambda/world-view.ts';
import { sampleMs } from '../sample-lines.ts';

/** Two environments ask at the same moment. Gives the codes of both answers; '' = the claim succeeded. */
function claimsWith(seed: number): Promise<readonly string[]> {
  const world = createSimulatedWorld(sampleMs, seededChance(seed));
  const claim = async (name: string) => {
    const { stats } = createFunction({ world, home, functionName: 'stats' });
    const when = [{ attribute: 'owner', is: 'absent' }] as const;
    const answer = await stats.index.write({ key: { pk: 'key', sk: 'first' }, set: { owner: name }, when }, 1_000);
    return answer.code;
  };
  return world.time.until(Promise.all([claim('one'), claim('other')]));
}

test('of two conditional writes of one item at once, one succeeds, and either may be the first', async () => {
  const lost = 'ConditionalCheckFailedException';
  const outcomes = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) outcomes.add((await claimsWith(seed)).join());
  expect([...outcomes].sort()).toEqual([`${lost},`, `,${lost}`].sort());
});
