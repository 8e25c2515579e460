import { beforeEach, describe, expect, test } from 'vitest';
import { hourMs, hourName, hourStart } from '../../../../core/log/log-key.ts';
import { type BothFigures, makeFigures, openHours } from '../../../../operator/commands/regions/make-figures.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { FiguresDouble, row, state } from '../../figures/figures-double.ts';

const nowMs = sampleMs;
const running = hourName(hourStart(nowMs));
const [oldest, older] = [hourName(nowMs - 4 * hourMs), hourName(nowMs - 3 * hourMs)];

let survivor: FiguresDouble;
let fresh: FiguresDouble;
let asked: string[];
let both: BothFigures;

/** Two final hours and a running one, equal in both regions. The ledger makes an hour right that it is asked for. */
beforeEach(() => {
  survivor = new FiguresDouble('us-west-2');
  fresh = new FiguresDouble('us-east-2');
  asked = [];
  for (const region of [survivor, fresh]) for (const hour of [oldest, older]) count(region, hour, 1n);
  for (const region of [survivor, fresh]) count(region, running, 1n, { revision: 0 });
  both = {
    survivor: survivor.reader(),
    fresh: fresh.reader(),
    make: async (hour) => {
      asked.push(hour);
      const after = count(fresh, hour, 1n, { revision: 2 });
      return { kind: 'made', hour, before: undefined, after };
    },
    nowMs: () => nowMs,
    progress: () => {},
  };
});

function count(region: FiguresDouble, hour: string, clicks: bigint, changes: object = {}) {
  return region.count(hour, [row({ hour }, { clicks })], changes);
}

const make = (open: readonly string[] = []) => makeFigures(both, nowMs - 5 * hourMs, open);

describe('figures of a region that was filled', () => {
  test('stay as they are where both regions have the same', async () => {
    expect(await make()).toEqual({ hours: 2, made: 0, differing: [] });
    expect(asked).toEqual([]);
  });

  test('are made by the ledger where they differ, are missing, or are provisional only here', async () => {
    count(fresh, oldest, 3n);
    count(fresh, older, 1n, { revision: 0 });
    expect(await make()).toEqual({ hours: 2, made: 2, differing: [] });
    expect(asked).toEqual([oldest, older]);
  });

  test('of hours that were open before the index was whole are made anew, right as they look', async () => {
    expect(await openHours(both)).toEqual([running]);
    expect(await make([running])).toEqual({ hours: 2, made: 1, differing: [] });
    expect(asked).toEqual([running]);
  });

  test('that the ledger cannot make right are named, with what it says', async () => {
    count(fresh, oldest, 3n);
    count(fresh, older, 3n);
    both = {
      ...both,
      make: async (hour) =>
        hour === older
          ? { kind: 'left', hour, reason: 'its ledger left it: the index has forgotten' }
          : { kind: 'made', hour, before: undefined, after: state(hour) },
    };
    expect((await make()).differing).toEqual([
      { hour: oldest, why: 'its figures are other ones' },
      { hour: older, why: 'its ledger left it: the index has forgotten' },
    ]);
  });

  test('of an hour that the survivor still counts are not compared', async () => {
    count(survivor, older, 5n, { revision: 0 });
    expect(await make()).toEqual({ hours: 1, made: 0, differing: [] });
  });
});
