import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import { goneEvents, loseRegion } from '../../../drill/faults/lose-region.ts';
import type { DrillStep } from '../../../drill/faults/steps.ts';
import { killedExitCode } from '../../../drill/killed-command.ts';
import type { Operate } from '../../../drill/operate.ts';
import { runDrill } from '../../../drill/run-drill.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, FakeCloud, west } from '../fake-cloud.ts';
import { fakeDrill, keep, oneOfferCatalog, scenarioOf, silent } from '../fake-drill.ts';
import { acknowledgement, eventMint } from '../fake-track.ts';

const calm = scenarioOf('{ name: calm, seed: 1, duration: 10s, load: { clicks: 10 }, expect: { lost: 0 } }');
const done = { exitCode: 0, output: [], errors: [] };

function run({ clock, cloud, send }: ReturnType<typeof fakeDrill>, steps: readonly DrillStep[], operate: Operate) {
  const sender = () => ({ send, close: async () => undefined });
  const tools = { clock, sender, operate, progress: silent };
  return clock.until(runDrill(cloud, { ...calm, steps }, oneOfferCatalog, tools));
}

describe('a region that is lost', () => {
  test('takes along what stood in its log and its queues alone', () => {
    const clock = new SimulatedTime();
    const cloud = new FakeCloud(clock);
    const mint = eventMint(clock, east);
    const [both, logged, queued, queuedTwice] = [mint('click'), mint('click'), mint('click'), mint('conversion')];
    cloud.store([both]);
    cloud.store([logged], [east]);
    for (const event of [queued, queuedTwice]) cloud.enqueue(east, 'keeptrack-intake', encodeLine(event));
    cloud.enqueue(west, 'keeptrack-intake', encodeLine(queuedTwice));
    const gone = goneEvents([{ gone: loseRegion(cloud, east) }]);
    expect([...gone.keys()].sort()).toEqual([logged.id, queued.id].sort());
    expect(cloud.logKeys(east)).toEqual([]);
    expect(cloud.logKeys(west)).toHaveLength(1);
  });

  const steps: readonly DrillStep[] = [
    { atMs: 5_000, action: { kind: 'lose', region: east } },
    { atMs: 9_500, action: { kind: 'command', command: 'regions replace us-east-1' } },
  ];

  /** Each tenth event stands in the east alone until the region is lost. */
  const drillOfTwo = () =>
    fakeDrill((cloud, event) => {
      if (cloud.logKeys(west).length > 30 || event.seq % 10 !== 0) return keep(cloud, event);
      cloud.store([event], [east]);
      return acknowledgement(event);
    });

  test('fails no drill by what is gone with it, when the new region gets all the rest', async () => {
    const drill = drillOfTwo();
    const report = await run(drill, steps, async () => {
      for (const key of drill.cloud.logKeys(west))
        drill.cloud.plantLogObject(east, key, drill.cloud.logObject(west, key));
      return done;
    });
    expect(report.broken).toEqual([]);
    expect(report.lost).toBe(0);
  });

  test('fails a drill in which the new region does not get the rest', async () => {
    const report = await run(drillOfTwo(), steps, async () => done);
    expect(report.lost).toBeGreaterThan(10);
    expect(report.verdict).toBe('FAILED');
  });
});

describe('a command that is killed', () => {
  const killAfter = { call: 's3:CopyObject', count: 3 };
  const killed: DrillStep = {
    atMs: 2_000,
    action: { kind: 'command', command: 'regions replace us-east-1', killAfter },
  };

  test('is killed when the cloud has got so many calls, and then runs again', async () => {
    const drill = fakeDrill();
    const runs: string[] = [];
    const again: DrillStep = { atMs: 2_500, action: { kind: 'command', command: 'regions replace us-east-1' } };
    const report = await run(drill, [killed, again], async (_args, killing) => {
      runs.push(`begins${killing ? '' : ' to its end'}`);
      if (killing === undefined) return done;
      for (let call = 1; call <= 5; call += 1) {
        await drill.clock.sleep(500);
        drill.cloud.calls['s3:CopyObject'] = call;
      }
      runs.push(killing.aborted ? 'is dead' : 'lives');
      return { ...done, exitCode: killedExitCode };
    });
    expect(runs).toEqual(['begins', 'is dead', 'begins to its end']);
    expect(report.broken).toEqual([]);
  });

  test('that ends before proves nothing', async () => {
    const report = await run(fakeDrill(), [killed], async () => done);
    expect(report.broken).toEqual([expect.stringContaining('it ended with 0 before it was killed')]);
  });
});
