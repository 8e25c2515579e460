import { describe, expect, test } from 'vitest';
import { miscounts } from '../../../drill/checks/figures.ts';
import { runChecks } from '../../../drill/checks/run-checks.ts';
import type { Evidence } from '../../../drill/evidence/evidence.ts';
import { type GatherOptions, gatherEvidence } from '../../../drill/evidence/gather.ts';
import type { SentRecord } from '../../../drill/load/sent-record.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { east, type FakeCloud, west } from '../fake-cloud.ts';
import { oneOfferCatalog } from '../fake-drill.ts';
import { nothingPlayed, putDay, putFigures, recordOf, scene } from '../fake-figures.ts';

const right = { clicks: 2, unique_clicks: 1, approved: 1, duplicates: 1, payout_micros: 3e6, revenue_micros: 4.5e6 };

interface Gathered {
  readonly clock: SimulatedTime;
  readonly cloud: FakeCloud;
  readonly records: readonly SentRecord[];
}

function gathered(
  { clock, cloud, records }: Gathered,
  gathering: Partial<GatherOptions> = {},
  played: Partial<Evidence> = {},
): Promise<Evidence> {
  const operate: GatherOptions['operate'] = async () => ({ exitCode: 0, output: [], errors: [] });
  const how = {
    settleMs: 1_000,
    sinceMs: 0,
    releases: {},
    ledger: 'asked' as const,
    catalog: oneOfferCatalog,
    operate,
    ...gathering,
  };
  return clock.until(gatherEvidence(cloud, clock, how, { ...nothingPlayed, records, ...played }));
}

async function broken(...args: Parameters<typeof gathered>): Promise<readonly string[]> {
  return runChecks(await gathered(...args));
}

describe('final figures', () => {
  test('pass when the rows in force of both regions equal what was sent, whatever objects of other revisions there are', async () => {
    const evidence = await gathered(scene(new SimulatedTime()));
    expect(runChecks(evidence)).toEqual([]);
    expect(miscounts(evidence)).toEqual({ countedTwice: 0, missing: 0 });
  });

  test('are read after the ledgers of both regions have made every hour with events final', async () => {
    const { hour, cloud, ...rest } = scene(new SimulatedTime());
    for (const region of [east, west]) putFigures(cloud, region, hour, { clicks: 9 });
    cloud.answer = (region) => {
      putFigures(cloud, region, hour, right, 2);
      return { kind: 'done', payload: '{}' };
    };
    expect(await broken({ cloud, ...rest })).toEqual([]);
    const payload = JSON.stringify({ task: 'hours', hours: [hour], cause: 'drill' });
    expect(cloud.invocations).toEqual(
      [east, west].map((region) => ({ region, functionName: 'keeptrack-ledger', payload })),
    );
  });

  test('of a ledger that corrects itself in time are waited for without asking it', async () => {
    const { hour, cloud, clock, ...rest } = scene(new SimulatedTime());
    putFigures(cloud, west, hour, { ...right, clicks: 1 });
    clock.after(5_000, () => putFigures(cloud, west, hour, right, 2));
    expect(await broken({ cloud, clock, ...rest }, { ledger: 'by-itself', settleMs: 10_000 })).toEqual([]);
    expect(cloud.invocations).toEqual([]);
  });

  test('of an hour that was never final are asked for even so, because no ledger would make them by itself yet', async () => {
    const { hour, cloud, ...rest } = scene(new SimulatedTime());
    putFigures(cloud, east, hour, right, 0);
    cloud.answer = (region) => {
      putFigures(cloud, region, hour, right, 2);
      return { kind: 'done', payload: '{}' };
    };
    expect(await broken({ cloud, ...rest }, { ledger: 'by-itself' })).toEqual([]);
    expect(cloud.invocations.map(({ region }) => region)).toEqual([east, west]);
  });

  test('of a ledger that does not correct itself are reported', async () => {
    const { hour, cloud, ...rest } = scene(new SimulatedTime());
    putFigures(cloud, west, hour, { ...right, clicks: 1 });
    expect((await broken({ cloud, ...rest }, { ledger: 'by-itself' })).join('\n')).toMatch(/^I2: us-west-2's final/);
  });
});

describe('I2', () => {
  test('names an event that is counted twice, and one that is missing, by row', async () => {
    const { hour, cloud, ...rest } = scene(new SimulatedTime());
    putFigures(cloud, east, hour, { ...right, clicks: 3 });
    putFigures(cloud, west, hour, { ...right, duplicates: 0 });
    const evidence = await gathered({ cloud, ...rest });
    const row = `${hour}:00|1500|1001|0|${east}|USD`;
    expect(runChecks(evidence)).toEqual([
      `I2: ${east}'s final figures count 1 events too often and lack 0: ${row} clicks 3 instead of 2`,
      `I2: ${west}'s final figures count 0 events too often and lack 1: ${row} duplicates 0 instead of 1`,
      expect.stringMatching(`^I5: the final figures of ${west} differ from those of ${east}: `),
    ]);
    expect(miscounts(evidence)).toEqual({ countedTwice: 1, missing: 1 });
  });

  test('counts an acknowledged event that is in no log as missing', async () => {
    const { mint, records, ...rest } = scene(new SimulatedTime());
    const evidence = await gathered({ ...rest, records: [...records, recordOf(mint('click')).record] });
    expect(miscounts(evidence)).toEqual({ countedTwice: 0, missing: 1 });
  });

  test('counts an event in the logs whose answer was lost, by its own line', async () => {
    const { mint, records, cloud, clock } = scene(new SimulatedTime());
    const { event, record } = recordOf(mint('impression'), { status: 0, rung: '', eventId: '' });
    cloud.store([{ ...event, offer_id: 1500, aff_id: 1001 }]);
    const evidence = await gathered({ cloud, clock, records: [...records, record] });
    expect(miscounts(evidence)).toEqual({ countedTwice: 0, missing: 1 });
    expect(runChecks(evidence).join('\n')).toMatch('impressions 0 instead of 1');
  });

  test('names a ledger that did not answer', async () => {
    const { cloud, ...rest } = scene(new SimulatedTime());
    cloud.answer = (region) =>
      region === west ? { kind: 'failed', reason: 'out of memory' } : { kind: 'done', payload: '{}' };
    expect(await broken({ cloud, ...rest })).toEqual([`I2: ${west}'s ledger failed: out of memory`]);
    expect(cloud.invocations.length).toBe(11);
  });

  test('asks a ledger again for the hours that it left, and names those that it never does', async () => {
    const { cloud, hour, ...rest } = scene(new SimulatedTime());
    const left = JSON.stringify({
      hours: [{ hour, outcome: 'left', why: 'the time is over' }],
      daysLeft: ['2026-11-23'],
    });
    cloud.answer = (region) => ({
      kind: 'done',
      payload: region === east && cloud.invocations.length < 8 ? left : '{"hours":[],"daysLeft":[]}',
    });
    expect(await broken({ cloud, ...rest })).toEqual([]);
    cloud.answer = () => ({ kind: 'done', payload: left });
    expect(await broken({ cloud, ...rest })).toContain(
      `I2: ${east}'s ledger left ${hour} (the time is over), the visitors of 2026-11-23`,
    );
  });

  test('names an hour that was never made final', async () => {
    const { cloud, hour, ...rest } = scene(new SimulatedTime());
    putFigures(cloud, west, hour, right, 0);
    const evidence = await gathered({ cloud, ...rest });
    expect(miscounts(evidence)).toEqual({ countedTwice: 0, missing: 4 });
  });

  test('reports no figures for a release without figures, and checks the other region', async () => {
    const { cloud, hour, ...rest } = scene(new SimulatedTime());
    const { state } = cloud;
    cloud.state = () => {
      const now = state.call(cloud);
      return { ...now, regions: now.regions.map((one) => (one.region === west ? { ...one, functions: [] } : one)) };
    };
    const evidence = await gathered({ cloud, ...rest });
    expect(evidence.reconciled.map(({ command }) => command)).toEqual([expect.stringMatching(`--region ${east}$`)]);
    expect(evidence.figures.map(({ kind }) => kind)).toEqual(['figures', 'none']);
    expect(runChecks(evidence)).toEqual([]);
    putFigures(cloud, east, hour, { ...right, clicks: 1 });
    expect(await broken({ cloud, ...rest })).toEqual([expect.stringMatching(`^I2: ${east}'s final figures .* lack 1`)]);
  });
});

describe('provisional figures', () => {
  /** The hour is provisional with these counters in the east, and the ledgers make it final and right. */
  function provisional(counters: Readonly<Record<string, number>>) {
    const { cloud, hour, ...rest } = scene(new SimulatedTime());
    putFigures(cloud, east, hour, counters, 0);
    putFigures(cloud, west, hour, right, 0);
    cloud.answer = (region) => {
      putFigures(cloud, region, hour, right);
      return { kind: 'done', payload: '{}' };
    };
    return { cloud, hour, ...rest };
  }

  test('pass when each event counts once, and a visitor any number of times', async () => {
    expect(await broken(provisional({ ...right, unique_clicks: 2 }))).toEqual([]);
  });

  test.each([
    ['an event twice', { clicks: 3 }, /^I2: us-east-1's provisional figures count 1 events too often and lack 0: /],
    ['a sale twice', { approved: 2, duplicates: 0 }, /^I2: us-east-1's provisional figures count 1 .* and lack 1: /],
    ['other money', { payout_micros: 1 }, /^I5: us-east-1's provisional figures have other money /],
  ])('that count %s are named', async (_, wrong, expected) => {
    expect(await broken(provisional({ ...right, ...wrong }))).toEqual([expect.stringMatching(expected)]);
  });

  test('are waited for as long as the queues may take to drain', async () => {
    const { clock, cloud, hour, records } = provisional({ ...right, clicks: 1 });
    clock.after(5_000, () => putFigures(cloud, east, hour, right, 0));
    expect(await broken({ clock, cloud, records }, { settleMs: 10_000 })).toEqual([]);
  });

  test('need not have the events of hours that only the ledger folds', async () => {
    const { clock, cloud, hour, records } = scene(new SimulatedTime());
    for (const key of cloud.logKeys(east, 'ledger/dt=')) cloud.logs[east]?.delete(key);
    await clock.until(clock.sleep(3 * 3_600_000));
    cloud.answer = () => {
      putFigures(cloud, east, hour, right);
      return { kind: 'done', payload: '{}' };
    };
    expect(await broken({ clock, cloud, records })).toEqual([]);
  });
});

describe('I5', () => {
  test('runs the operator’s reconcile command for each hour and reports its failure', async () => {
    const asked: string[] = [];
    const operate: GatherOptions['operate'] = async (args) => {
      asked.push(args.join(' '));
      return { exitCode: 1, output: [], errors: ['us-west-2 cannot be read'] };
    };
    const { hour, ...rest } = scene(new SimulatedTime());
    const command = `reconcile --from ${hour} --to ${hour} --time-zone UTC`;
    expect(await broken(rest, { operate })).toEqual([
      `I5: "keeptrack ${command}" ended with 1; us-west-2 cannot be read`,
    ]);
    expect(asked).toEqual([`${command} --local http://console`]);
  });

  test.each([
    ['a millionth too little', { payout_micros: 2_999_999 }, 'money', 'payout_micros 2.999999 instead of 3.000000'],
    ['another reason', { 'reason:ip-not-allowed': 1 }, 'reasons of rejections', 'reason:ip-not-allowed 1 instead of 0'],
    ['a visitor twice', { unique_clicks: 2 }, 'visitors of an hour', 'unique_clicks 2 instead of 1'],
  ])('names %s', async (_, wrong, what, text) => {
    const { hour, cloud, ...rest } = scene(new SimulatedTime());
    for (const region of [east, west]) putFigures(cloud, region, hour, { ...right, ...wrong });
    expect(await broken({ cloud, ...rest })).toEqual(
      [east, west].map((region) =>
        expect.stringMatching(`^I5: ${region}'s final figures have other ${what} .*${text}$`),
      ),
    );
  });

  test('names a day’s visitors that are missing', async () => {
    const { cloud, hour, ...rest } = scene(new SimulatedTime());
    putDay(cloud, east, hour.slice(0, 10), 0);
    expect(await broken({ cloud, ...rest })).toEqual([
      expect.stringMatching(/^I5: us-east-1's .* visitors of a day .* day_unique_clicks 0 instead of 1$/),
    ]);
  });
});
