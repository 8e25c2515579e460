import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliveryStateKey } from '../../../../core/postbacks/delivery-keys.ts';
import type { Delivery } from '../../../../core/postbacks/delivery-state.ts';
import { healthKey, type PostbackHealth, parseHealthBook } from '../../../../core/postbacks/suspension.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';
import { keyNumber, report } from '../../some-conversions.ts';
import { delivery, fold, indexIn, publish, put, putHealth, type Region, read, stateIn } from './postbacks-scene.ts';

const both = [east, west] as const;
const minute = '2026-11-23T05-10';
const { id } = report(1);
const suspended = { failures: 10, firstFailureMs: 1, lastFailureMs: sampleMs, suspendedAtMs: sampleMs };

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
  cloud.time.freeze(3_600_000);
  publish(cloud);
  fold(cloud, 1);
});
afterEach(() => cloud.close());

function deliveryIn(region: Region, { id: firing }: Delivery = delivery(1)): Delivery | undefined {
  return stateIn(cloud, region)?.deliveries.get(firing);
}

const retryAll = 'postbacks retry --postback 12 --from 2026-11-23';

describe('postbacks retry', () => {
  test('of a conversion makes its failed postbacks due in both regions, with all attempts', async () => {
    put(cloud, [delivery(1), delivery(2)]);
    const { exitCode, out, error } = await cloud.run(`postbacks retry ${id}`);
    expect({ exitCode, out, error }).toEqual({ exitCode: 0, out: ['1 postback will be sent again'], error: [] });
    for (const region of both) {
      expect(deliveryIn(region)).toMatchObject({ status: 'due', attempts: 0, dueAtMs: sampleMs + 3_600_000 });
      expect(deliveryIn(region, delivery(2))).toEqual(delivery(2));
      expect(indexIn(cloud, region)?.minutes.get(minute)).toMatchObject({ dueAtMs: sampleMs + 3_600_000 });
    }
  });

  test('of a postback and some days takes failed ones, and those that wait for an attempt', async () => {
    const waits = delivery(2, { status: 'due', attempts: 6, dueAtMs: sampleMs + 86_400_000 });
    const delivered = delivery(3, { status: 'delivered' });
    const overtaken = delivery(4, { status: 'skipped' });
    const anothers = delivery(5, { postbackId: 13 });
    put(cloud, [delivery(1), waits, delivered, overtaken, anothers]);
    const { exitCode, out } = await cloud.run(retryAll);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: ['2 postbacks will be sent again'] });
    expect(deliveryIn(west, waits)).toMatchObject({ status: 'due', attempts: 0, dueAtMs: sampleMs + 3_600_000 });
    for (const left of [delivered, overtaken, anothers]) expect(deliveryIn(west, left)).toEqual(left);
  });

  test('waits for a run that sends the same minute, and leaves alone what it delivers', async () => {
    const lease = { owner: 'a run', untilMs: cloud.time.nowMs() + 60_000 };
    put(cloud, [delivery(1), delivery(2)], lease, [east]);
    put(cloud, [delivery(1), delivery(2)], undefined, [west]);
    const sent = delivery(1, { status: 'delivered', attempts: 9, changes: 9 });
    const sleep = async (durationMs: number) => {
      cloud.time.freeze(durationMs);
      if (cloud.time.nowMs() >= lease.untilMs - 40_000) put(cloud, [sent, delivery(2)], undefined, [east]);
    };
    const clock = { nowMs: () => cloud.time.nowMs(), sleep };
    const { exitCode, out, progress } = await cloud.run(retryAll, { clock });
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: ['2 postbacks will be sent again'] });
    expect(progress).toContain(`notify sends the postbacks of minute ${minute}: waiting until it ends`);
    expect(cloud.time.nowMs()).toBeLessThan(lease.untilMs);
    // The run brings what it delivered into the copy of the other region, too.
    expect(deliveryIn(east)).toEqual(sent);
    for (const region of both) expect(deliveryIn(region, delivery(2))).toMatchObject({ status: 'due', attempts: 0 });
  });

  test('never writes over the lease of a run: a minute that is always sent stays as it is', async () => {
    const lease = { owner: 'a run', untilMs: cloud.time.nowMs() + 3_600_000 };
    put(cloud, [delivery(1)], lease);
    const { exitCode, out, error } = await cloud.run(`postbacks retry ${id}`);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: ['no postback is sent again'] });
    const key = deliveryStateKey(sampleMs);
    expect(error).toEqual(both.map((region) => `${region}: notify works on ${key} all the time`));
    for (const region of both) {
      expect(stateIn(cloud, region)).toEqual({ deliveries: new Map([[delivery(1).id, delivery(1)]]), lease });
      expect(indexIn(cloud, region)).toBeUndefined();
    }
  });

  test('leaves it to the other region while one is dead', async () => {
    put(cloud, [delivery(1)]);
    cloud.kill(east);
    const { exitCode, out, progress } = await cloud.run(`postbacks retry ${id}`);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: ['1 postback will be sent again'] });
    expect(progress).toContainEqual(expect.stringMatching(/^us-east-1: .*: the other region sends them$/));
    expect(deliveryIn(west)).toMatchObject({ status: 'due', attempts: 0 });
  });

  test('asks no region to look at what no region took', async () => {
    put(cloud, [delivery(1)]);
    cloud.faults.add({ service: 's3', actions: ['PutObject'], effect: 'error', status: 403, code: 'AccessDenied' });
    const { exitCode, out, error } = await cloud.run(`postbacks retry ${id} --json`);
    expect(exitCode).toBe(1);
    expect(error).toEqual(both.map((region) => `${region}: 403 AccessDenied`));
    expect(JSON.parse(out.join('\n'))).toEqual({ sentAgain: 0, failed: error });
  });

  test('says so when nothing failed', async () => {
    put(cloud, [delivery(1, { status: 'delivered' })]);
    expect(await cloud.run(retryAll)).toMatchObject({ exitCode: 0, out: ['no postback is sent again'], error: [] });
    const unknown = await cloud.run(`postbacks retry ${keyNumber(9)}`);
    expect(unknown).toMatchObject({ exitCode: 1, out: [], error: [expect.stringContaining('no such conversion')] });
  });

  test.each([
    ['postbacks retry', 'name a conversion, or --postback'],
    [`postbacks retry ${id} --postback 12`, 'name a conversion, or --postback'],
    ['postbacks retry x', 'x: is no transaction id, no event id and no conversion key'],
    ['postbacks retry --postback x', '--postback: x is no id of a postback'],
    ['postbacks retry --postback 99', '99: the catalog has no such postback'],
    ['postbacks retry --postback 13', 'postback 13 is paused in the catalog: make it active first'],
    ['postbacks retry --postback 12 --from never', expect.stringContaining('--from')],
  ])('%s is refused in one line', async (command, line) => {
    const { exitCode, out, error } = await cloud.run(command);
    expect({ exitCode, out, error }).toEqual({ exitCode: 2, out: [], error: [line] });
  });

  test('of a suspended postback says to resume it first, because notify would give it up again', async () => {
    putHealth(cloud, { 12: suspended });
    put(cloud, [delivery(1)]);
    const says = 'postback 12 is suspended: run keeptrack postbacks resume 12 first';
    expect(await cloud.run(retryAll)).toMatchObject({ exitCode: 2, error: [says] });
    expect(await cloud.run(`postbacks retry ${id}`)).toMatchObject({ exitCode: 1, error: [says] });
    expect(deliveryIn(east)).toEqual(delivery(1));
  });
});

describe('postbacks resume', () => {
  const bookIn = (region: Region) => read(cloud, region, healthKey, parseHealthBook);

  test('ends the suspension in both regions, and keeps what is known of others', async () => {
    putHealth(cloud, { 12: suspended, 13: { failures: 2 } });
    const { exitCode, out, error } = await cloud.run('postbacks resume 12');
    expect({ exitCode, out, error }).toEqual({
      exitCode: 0,
      out: ['postback 12 is sent again from now on'],
      error: [],
    });
    const resumed = { failures: 0, resumedAtMs: sampleMs + 3_600_000 };
    for (const region of both) {
      expect(bookIn(region)).toEqual(
        new Map<number, PostbackHealth>([
          [12, resumed],
          [13, { failures: 2 }],
        ]),
      );
    }
  });

  test('is enough in one region while the other one is dead, and prints JSON', async () => {
    putHealth(cloud, { 12: suspended });
    cloud.kill(east);
    const { exitCode, out } = await cloud.run('postbacks resume 12 --json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(out.join('\n'))).toEqual({ resumed: 12, failed: [expect.stringMatching(/^us-east-1: /)] });
    expect(bookIn(west)?.get(12)?.suspendedAtMs).toBeUndefined();
  });

  test('that no region takes is told, and nothing is resumed', async () => {
    putHealth(cloud, { 12: suspended });
    cloud.faults.add({ service: 's3', actions: ['PutObject'], effect: 'error', status: 403, code: 'AccessDenied' });
    const { exitCode, out, error } = await cloud.run('postbacks resume 12');
    expect({ exitCode, out, error }).toEqual({
      exitCode: 1,
      out: [],
      error: ['no region takes the change (us-east-1: 403 AccessDenied; us-west-2: 403 AccessDenied)'],
    });
  });

  test.each([
    ['postbacks resume x', 'x: is no id of a postback'],
    ['postbacks resume 99', '99: the catalog has no such postback'],
    ['postbacks resume 12', 'postback 12 is not suspended'],
  ])('%s is refused in one line', async (command, line) => {
    expect(await cloud.run(command)).toMatchObject({ exitCode: 2, out: [], error: [line] });
  });
});
