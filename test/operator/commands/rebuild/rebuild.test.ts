import { beforeEach, describe, expect, test } from 'vitest';
import { quarterMs } from '../../../../core/ledger/hour-state.ts';
import { limits } from '../../../../core/limits/limits.ts';
import { hourMs, parseHourName } from '../../../../core/log/log-key.ts';
import type { AskedLedger } from '../../../../operator/clients/ask-ledger.ts';
import type { FinalPorts } from '../../../../operator/commands/rebuild/make-final.ts';
import { rebuildJson } from '../../../../operator/commands/rebuild/rebuild.ts';
import { hourText, rebuildRegion } from '../../../../operator/commands/rebuild/rebuild-region.ts';
import { readRange } from '../../../../operator/figures/quarter-range.ts';
import { sampleLine } from '../../../sample-lines.ts';
import { stillClock } from '../../figures/figures-double.ts';
import { CountedRegion, early, hours, later } from '../reconcile/counted-regions.ts';

const [hour, next] = hours;
const home = 'us-east-1';

let region: CountedRegion;
let asked: string[];
let ports: FinalPorts;

/** Two final hours with one segment each. The ledger makes an hour final anew as soon as it is asked. */
beforeEach(async () => {
  region = new CountedRegion(home);
  asked = [];
  for (const [seq, atMs] of [early, later].entries()) region.log.write([sampleLine(seq, atMs)], atMs);
  await region.count();
  ports = {
    reader: region.figures.reader(),
    log: region.log,
    clock: stillClock,
    ask: async (each) => {
      asked.push(each);
      await region.count({ revision: 2, cause: 'rebuild' }, [each]);
      return { kind: 'answered' };
    },
  };
});

function rebuilt(of: FinalPorts, isDryRun = false, progress: string[] = []) {
  return rebuildRegion(home, hours, isDryRun, of, (line) => progress.push(line));
}

describe('rebuilding', () => {
  test('makes each hour final anew, in order, and says whether its figures changed', async () => {
    region.log.write([sampleLine(3, later)], later);
    const progress: string[] = [];
    expect(await rebuilt(ports, false, progress)).toEqual({
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
    const { done } = await rebuilt(ports, true);
    expect(done.map(hourText)).toEqual(['final by revision 1, 1 segment', 'final by revision 1, 1 segment']);
    expect(asked).toEqual([]);
  });

  test('keeps figures whose log has expired', async () => {
    const gone: FinalPorts = {
      ...ports,
      log: { name: 'log', list: async () => ({ kind: 'ok', value: { objects: [], complete: true } }) },
    };
    const { done, left } = await rebuilt(gone);
    expect(done).toEqual([]);
    expect(left[0]).toEqual({ hour, reason: expect.stringContaining('its log is empty but its figures are not') });
    expect(asked).toEqual([]);
  });

  test('asks again when a run is under way or does not finish, and gives up in the end', async () => {
    let asks = 0;
    const busy = (until: number): FinalPorts => ({
      ...ports,
      ask: async (each): Promise<AskedLedger> => {
        asks += 1;
        if (asks >= until) return ports.ask(each);
        return asks === 1 ? { kind: 'failed', reason: '429' } : { kind: 'answered', why: 'the time is over' };
      },
    });
    expect((await rebuilt(busy(3))).left).toEqual([]);
    asks = 0;
    const { left } = await rebuilt(busy(Number.POSITIVE_INFINITY));
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
      range: { fromMs: parseHourName(hour), toMs: parseHourName(hour) + hourMs - quarterMs },
    });
  });

  test('asks a region for no further hour once it did not answer', async () => {
    region.figures.answer = { status: 503, code: 'ServiceUnavailable' };
    expect(await rebuilt(ports)).toEqual({
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
