import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliveryStateKey } from '../../../../core/postbacks/delivery-keys.ts';
import { sampleMs } from '../../../sample-lines.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';
import { keyNumber, report } from '../../some-conversions.ts';
import { delivery, fold, publish, put, putHealth } from './postbacks-scene.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
  publish(cloud);
});
afterEach(() => cloud.close());

/** The columns of a table's lines, whatever their widths. */
function cells(lines: readonly string[]): readonly (readonly string[])[] {
  return lines.map((line) => line.split(/ {2,}/));
}

const target = 'GET https://p.example/in?key=*&click=*';

describe('postbacks list', () => {
  test('shows each postback with its partner, and no value of a parameter', async () => {
    putHealth(cloud, { 12: { failures: 0, lastSuccessMs: sampleMs } });
    const { exitCode, out, error } = await cloud.run('postbacks list');
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    expect(cells(out)).toEqual([
      ['id', 'affiliate', 'offer', 'goal', 'on', 'target', 'its partner'],
      ['12', '7', 'all', 'default', 'approved', target, 'answers, last at 2026-11-23 05:10:00 UTC'],
      ['13', 'all', '15', 'default', 'approved', 'GET https://q.example/?t=*', 'paused in the catalog'],
    ]);
  });

  test.each([
    [{ failures: 3, firstFailureMs: sampleMs }, 'fails since 2026-11-23 05:10:00 UTC, 3 times in a row', 0],
    [{ failures: 10, suspendedAtMs: sampleMs }, 'SUSPENDED since 2026-11-23 05:10:00 UTC', 1],
    [undefined, 'not called yet', 0],
  ])('of a postback with health %j says: %s', async (health, says, expected) => {
    if (health) putHealth(cloud, { 12: health });
    const { exitCode, out } = await cloud.run('postbacks list');
    expect({ exitCode, says: cells(out)[1]?.at(-1) }).toEqual({ exitCode: expected, says });
  });

  test('shows characters of a URL that would turn the line as escapes', async () => {
    publish(cloud, (postback) => ({ ...postback, url: 'https://p.example/\u202epath\u0007/?a=1' }));
    const { out } = await cloud.run('postbacks list');
    expect(out.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  test('prints JSON, also without values of parameters', async () => {
    putHealth(cloud, { 12: { failures: 0, lastSuccessMs: sampleMs } });
    const { out } = await cloud.run('postbacks list --json');
    expect(out.join('')).not.toContain('secret');
    const { postbacks } = JSON.parse(out.join('\n'));
    expect(postbacks).toHaveLength(2);
    expect(postbacks[0]).toMatchObject({ id: 12, method: 'GET', target: target.slice(4), health: { failures: 0 } });
  });

  test('says so when the catalog has no postbacks, and when there is no catalog', async () => {
    publish(cloud, () => undefined);
    expect(await cloud.run('postbacks list')).toMatchObject({ exitCode: 0, out: ['the catalog has no postbacks'] });
    const fresh = await startSmallCloud();
    const { exitCode, error } = await fresh.run('postbacks list');
    expect({ exitCode, error }).toEqual({ exitCode: 1, error: ['no region gives its catalog'] });
    await fresh.close();
  });

  test('is answered by one region while the other one is dead, and by nobody while both are', async () => {
    putHealth(cloud, { 12: { failures: 0, lastSuccessMs: sampleMs } });
    cloud.kill(east);
    expect((await cloud.run('postbacks list')).out).toHaveLength(3);
    cloud.kill(west);
    const { exitCode, out, error } = await cloud.run('postbacks list');
    expect({ exitCode, out, error }).toEqual({ exitCode: 1, out: [], error: ['no region gives its catalog'] });
  });
});

describe('postbacks show', () => {
  beforeEach(() => fold(cloud, 1));
  const { id } = report(1);

  test('shows each postback of the conversion with its state', async () => {
    const other = delivery(1, {
      id: 'f'.repeat(32),
      postbackId: 14,
      status: 'delivered',
      attempts: 1,
      last: 'delivered 200',
    });
    const waits = delivery(1, { id: 'e'.repeat(32), postbackId: 15, status: 'due', attempts: 2, last: 'timeout' });
    put(cloud, [delivery(1), other, waits, delivery(2)]);
    const { exitCode, out, error } = await cloud.run(`postbacks show ${id}`);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    const [titles, ...rows] = cells(out);
    expect(titles).toEqual(['postback', 'standing', 'reached', 'state', 'idempotency id']);
    expect(new Map(rows.map(([postback, , , state]) => [postback, state]))).toEqual(
      new Map([
        ['12', 'failed: status 503 (8 attempts)'],
        ['14', 'delivered at 2026-11-23 05:10:00 UTC (1 attempt)'],
        ['15', 'due at 2026-11-23 05:10:00 UTC: timeout (2 attempts)'],
      ]),
    );
  });

  test('joins what the two regions know', async () => {
    put(cloud, [delivery(1)], undefined, [east]);
    put(cloud, [delivery(1, { status: 'delivered', changes: 9 })], undefined, [west]);
    const { out } = await cloud.run(`postbacks show ${id} --json`);
    expect(JSON.parse(out.join('\n'))).toMatchObject({ deliveries: [{ postbackId: 12, status: 'delivered' }] });
  });

  test('shows what one region knows while the other one is dead', async () => {
    put(cloud, [delivery(1)]);
    cloud.kill(east);
    expect((await cloud.run(`postbacks show ${id}`)).out[1]).toContain('failed: status 503');
  });

  test('says that a conversion fired nothing, and that there is no such conversion', async () => {
    expect(await cloud.run(`postbacks show ${id}`)).toMatchObject({ exitCode: 0, out: ['no postback was fired'] });
    const unknown = await cloud.run(`postbacks show ${keyNumber(9)}`);
    expect(unknown).toMatchObject({ exitCode: 1, out: [] });
    expect(unknown.error).toEqual([expect.stringMatching(new RegExp(`^${keyNumber(9)}: no such conversion is known`))]);
  });

  test('refuses what names no conversion, in one line', async () => {
    expect(await cloud.run('postbacks show x')).toMatchObject({
      exitCode: 2,
      error: ['x: is no transaction id, no event id and no conversion key'],
    });
  });

  test('of a state that cannot be understood in both regions shows nothing that is not there', async () => {
    for (const region of [east, west] as const) cloud.buckets[region].put(deliveryStateKey(sampleMs), Buffer.from('x'));
    const { exitCode, error } = await cloud.run(`postbacks show ${id}`);
    expect(exitCode).toBe(1);
    expect(error).toEqual([expect.stringMatching(/^no region tells postbacks\/minutes\/.*cannot be understood/)]);
  });
});
