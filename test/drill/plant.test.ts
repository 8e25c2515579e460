import { describe, expect, test } from 'vitest';
import { audit } from '../../drill/audit.ts';
import { gatherEvidence } from '../../drill/gather.ts';
import { type PlantKind, plant } from '../../drill/plant.ts';
import { east, west } from './fake-cloud.ts';
import { catalog } from './fake-drill.ts';
import { nothingPlayed, scene } from './fake-figures.ts';
import { VirtualClock } from './virtual-clock.ts';

const outcome = { exitCode: 0, errors: [] };
const gathering = { settleMs: 1_000, releases: {}, ledger: 'asked', catalog } as const;

/** The audit of a drill that put `what` into the log of `region` and whose dead letters are those that it names. */
async function auditAfter(what: PlantKind, deadLetters: readonly [region: string, key: 'planted' | 'another'][]) {
  const { clock, cloud, records } = scene(new VirtualClock());
  const planted = plant(cloud, what, west, clock.nowMs());
  if (planted === undefined) throw new Error('nothing was planted');
  for (const [region, which] of deadLetters) {
    const key = which === 'planted' ? planted.key : planted.key.replace(/[0-9a-f]{32}/, 'f'.repeat(32));
    cloud.enqueue(region, 'keeptrack-dead-letters', JSON.stringify({ v: 1, key }), { reason: 'corrupt-gzip' });
  }
  const step = { atMs: 1, action: { kind: 'plant', what, region: west } as const, outcome, plant: planted };
  const played = { ...nothingPlayed, records, steps: [step] };
  return audit(await clock.run(gatherEvidence(cloud, clock, gathering, played)));
}

describe('what a drill spoils', () => {
  test('is garbage in all logs under a key of this hour, which no check takes for a segment', async () => {
    expect(
      await auditAfter('garbage', [
        [east, 'planted'],
        [west, 'planted'],
      ]),
    ).toEqual([]);
  });

  test('is one copy of the largest segment, whose events the other copy still has', async () => {
    expect(await auditAfter('rot', [[west, 'planted']])).toEqual([]);
  });

  test('excuses no dead letter but those that point to it, where it lies', async () => {
    expect(await auditAfter('rot', [[west, 'another']])).toEqual([
      expect.stringMatching(/^I7: 1 messages are in us-west-2 /),
    ]);
    expect(await auditAfter('rot', [[east, 'planted']])).toEqual([
      expect.stringMatching(/^I7: 1 messages are in us-east-1 /),
    ]);
  });

  test('is nothing while both logs have no segment', () => {
    const { cloud } = scene(new VirtualClock());
    cloud.logs[east]?.clear();
    expect(plant(cloud, 'rot', west, 0)).toBeUndefined();
  });
});
