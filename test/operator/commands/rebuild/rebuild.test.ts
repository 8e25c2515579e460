import { describe, expect, test } from 'vitest';
import { limits } from '../../../../core/limits/limits.ts';
import { parseHourName } from '../../../../core/log/log-key.ts';
import { seededChance } from '../../../../core/seeded-chance.ts';
import type { AskedLedger } from '../../../../operator/clients/ask-ledger.ts';
import type { FinalPorts } from '../../../../operator/commands/rebuild/make-final.ts';
import { rebuildJson } from '../../../../operator/commands/rebuild/rebuild.ts';
import { hourText, rebuildRegion } from '../../../../operator/commands/rebuild/rebuild-region.ts';
import { readRange } from '../../../../operator/figures/hour-range.ts';
import { ledgerOnce } from '../../../../simulation/functions.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../../../../simulation/world.ts';
import { early, later, put, run } from '../../../lambda/ledger/ledger-view.ts';
import { home } from '../../../lambda/world-view.ts';
import { sampleLine, sampleMs } from '../../../sample-lines.ts';
import { hours, regionLog } from '../reconcile/world-to-reconcile.ts';

const [hour, next] = hours;

/** Two final hours with one segment each. `ask` calls the ledger of the same world. */
async function finalWorld(): Promise<{ world: SimulatedWorld; ports: FinalPorts; asked: string[] }> {
  const world = createSimulatedWorld(sampleMs, seededChance(1));
  put(world, home, [sampleLine(1, early), sampleLine(2, later)]);
  await run(world, home);
  const asked: string[] = [];
  const ports: FinalPorts = {
    ...regionLog(world, home),
    clock: world.time,
    ask: async (each) => {
      asked.push(each);
      await ledgerOnce(world, home, { task: 'hours', hours: [each], cause: 'rebuild' });
      return { kind: 'answered' };
    },
  };
  return { world, ports, asked };
}

function rebuilt(ports: FinalPorts, isDryRun = false, progress: string[] = []) {
  return rebuildRegion(home, hours, isDryRun, ports, (line) => progress.push(line));
}

describe('rebuilding', () => {
  test('makes each hour final anew, in order, and says whether its figures changed', async () => {
    const { world, ports, asked } = await finalWorld();
    put(world, home, [sampleLine(3, later)]);
    const progress: string[] = [];
    expect(await world.time.until(rebuilt(ports, false, progress))).toEqual({
      region: home,
      done: [
        { hour, revision: 2, segments: 1, events: 1, changed: false },
        { hour: next, revision: 2, segments: 2, events: 2, changed: true },
      ],
      left: [],
    });
    expect(asked).toEqual(hours);
    expect(progress).toEqual([
      `us-east-1 ${hour}Z: 1 of 2, revision 2 of 1 segment and 1 event, figures as before`,
      `us-east-1 ${next}Z: 2 of 2, revision 2 of 2 segments and 2 events, figures CHANGED`,
    ]);
  });

  test('changes nothing in a dry run, and lists the hours', async () => {
    const { world, ports, asked } = await finalWorld();
    const { done } = await world.time.until(rebuilt(ports, true));
    expect(done.map(hourText)).toEqual(['final by revision 1, 1 segment', 'final by revision 1, 1 segment']);
    expect(asked).toEqual([]);
  });

  test('keeps figures whose log has expired', async () => {
    const { world, ports, asked } = await finalWorld();
    const gone: FinalPorts = {
      ...ports,
      log: { name: 'log', segments: async () => ({ kind: 'ok', value: { segments: [], digest: '', sizeBytes: 0 } }) },
    };
    const { done, left } = await world.time.until(rebuilt(gone));
    expect(done).toEqual([]);
    expect(left[0]).toEqual({ hour, reason: expect.stringContaining('its log is empty but its figures are not') });
    expect(asked).toEqual([]);
  });

  test('asks again when a run is under way or does not finish, and gives up in the end', async () => {
    const { world, ports } = await finalWorld();
    let asks = 0;
    const busy = (until: number): FinalPorts => ({
      ...ports,
      ask: async (each): Promise<AskedLedger> => {
        asks += 1;
        if (asks >= until) return ports.ask(each);
        return asks === 1 ? { kind: 'failed', reason: '429' } : { kind: 'answered', why: 'the time is over' };
      },
    });
    expect((await world.time.until(rebuilt(busy(3)))).left).toEqual([]);
    asks = 0;
    const { left } = await world.time.until(rebuilt(busy(Number.POSITIVE_INFINITY)));
    expect(left).toEqual(hours.map((each) => ({ hour: each, reason: 'its ledger left it: the time is over' })));
    expect(asks).toBe(2 * limits.rebuild.attemptsMax);
  });

  test('names hours in UTC with a Z, so that any command reads them the same', () => {
    const left = { hour: next, reason: 'not begun' };
    const json = rebuildJson([{ region: home, done: [{ hour, revision: 2, segments: 1 }], left: [left] }], true);
    expect(json).toEqual({
      dryRun: true,
      regions: [
        { region: home, done: [{ hour: `${hour}Z`, revision: 2, segments: 1 }], left: [{ ...left, hour: `${next}Z` }] },
      ],
    });
    const range = { from: `${hour}Z`, to: `${hour}Z` };
    expect(readRange(range, 'America/New_York', parseHourName(next))).toMatchObject({
      range: { fromMs: parseHourName(hour), toMs: parseHourName(hour) },
    });
  });

  test('asks a region for no further hour once it did not answer', async () => {
    const { world, ports, asked } = await finalWorld();
    world.board.add({ region: home, service: 'dynamodb', effect: 'error' });
    expect(await world.time.until(rebuilt(ports))).toEqual({
      region: home,
      done: [],
      left: [
        { hour, reason: expect.stringContaining('the figures of us-east-1 cannot be read') },
        { hour: next, reason: 'not begun' },
      ],
    });
    expect(asked).toEqual([]);
  });
});
