import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogKey } from '../../../../core/catalog/snapshot.ts';
import { segmentsOf } from '../../../../core/log/segment.ts';
import type { Http } from '../../../../operator/clients/http-client.ts';
import { loadBalancerPayload } from '../../../lambda/track/door-payloads.ts';
import { smallCatalog } from '../../../lambda/track/small-catalog.ts';
import { type TrackScene, trackScene } from '../../../lambda/track/track-scene.ts';
import { east, isPort80, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

/** The command against `track` itself; what `track` captures comes at once into the logs that `stores` names. */

let cloud: SmallCloud;
let track: TrackScene;
let stores: (typeof east | typeof west)[];

beforeEach(async () => {
  track = trackScene();
  stores = [east, west];
  refuses = () => false;
  cloud = await startSmallCloud(serve);
  for (const region of stores) cloud.buckets[region].put(catalogKey, Buffer.from(smallCatalog('Network').text));
});
afterEach(() => cloud.close());

let refuses: (target: string) => boolean;

const serve: Http = async ({ origin, target, method = 'GET', headers = {}, body }) => {
  if (refuses(target)) return { status: 400, error: '', headers: {}, body: '{"message":"Bad Request"}' };
  const door = isPort80(origin) ? { door: loadBalancerPayload, isOverHttp: true } : {};
  const answered = await track.request(target, { method, headers, ...(body !== undefined && { body }), ...door });
  const { has } = track.world;
  for (const { key, gzip } of segmentsOf([...has['intake-home'].splice(0), ...has['intake-peer'].splice(0)])) {
    for (const region of stores) cloud.buckets[region].put(key, gzip);
  }
  const isImage = answered.headers['content-type']?.startsWith('image/');
  return { ...answered, error: '', body: isImage ? Buffer.from(answered.body, 'base64').toString() : answered.body };
};

const failures = (out: readonly string[]) => out.filter((line) => line.startsWith('FAILED '));

test('every kind of link is answered correctly, and each event is found in both logs', async () => {
  const { exitCode, out, error } = await cloud.run(`smoke ${west}`);
  expect({ exitCode, error, failures: failures(out) }).toEqual({ exitCode: 0, error: [], failures: [] });
  expect(out.find((line) => line.startsWith('ok  click '))).toMatch(/ 302 +intake-home, in both logs$/);
  expect(out.find((line) => line.startsWith('ok  click, port 80 '))).toMatch(/ 302 +intake-home, in both logs$/);
  expect(out.at(-1)).toMatch(
    /^(\d+) of \1 checks passed at http:\/\/us-west-2\.go\.example\.com \(us-west-2\); offer 15, affiliate 2, /,
  );
});

test('a front door that refuses what browsers send as it stands fails the run, which says what to do', async () => {
  refuses = (target) => /[{}|"]/.test(target);
  const { exitCode, out } = await cloud.run(`smoke ${west}`);
  expect(exitCode).toBe(1);
  expect(failures(out).filter((line) => line.startsWith('FAILED raw characters'))).toEqual([
    'FAILED raw characters: answers 400, not 302',
    'FAILED raw characters: the answer names no rung or no event: nothing was captured',
    expect.stringMatching(
      /the front door refuses \{, \}, \| or " in a query.*Take the load balancer: see "Front doors"/,
    ),
    expect.stringContaining('leads to nowhere'),
  ]);
});

test('an event that one log lacks in time fails the run', async () => {
  stores = [west];
  const { exitCode, out } = await cloud.run(`smoke ${west}`);
  expect(exitCode).toBe(1);
  expect(failures(out)).toContain('FAILED click: not found in the log of us-east-1');
});

test('a log that cannot be listed is reported with the reason, unless --log leaves it out', async () => {
  cloud.kill(east);
  const { exitCode, out } = await cloud.run(`smoke ${west}`);
  expect(exitCode).toBe(1);
  expect(failures(out)).toContainEqual(
    expect.stringMatching(/^FAILED click: not found in the log of us-east-1: it cannot be listed: /),
  );
  expect(await cloud.run(`smoke ${west} --log ${west}`)).toMatchObject({ exitCode: 0 });
});

test('an answer that no rung took fails the run, although the click got its redirect', async () => {
  Object.assign(track.world.mood, { 'intake-home': 'error', 'intake-peer': 'error' });
  Object.assign(track.world.mood, { 'bucket-home': 'error', 'bucket-peer': 'error' });
  const { exitCode, out } = await cloud.run(`smoke ${west}`);
  expect(exitCode).toBe(1);
  expect(failures(out)).toContain('FAILED click: no rung took the event: unconfirmed');
  expect(failures(out)).toContainEqual(expect.stringMatching(/^FAILED conversion: answers 503, not 200/));
});

test('nothing is sent to a region that does not answer', async () => {
  cloud.kill(west);
  expect(await cloud.run(`smoke ${west}`)).toMatchObject({
    exitCode: 1,
    out: [],
    error: ['http://us-west-2.go.example.com: /health ECONNRESET; nothing was sent'],
  });
});

test.each([
  ['smoke eu-west-1', 'eu-west-1: is neither us-east-1 nor us-west-2, nor an http or https URL without a path'],
  ['smoke us-east-1 --offer 84', 'offer 84 is not active in the catalog'],
  ['smoke us-east-1 --log eu-west-1', expect.stringContaining('eu-west-1: not a region of this deployment')],
])('%s is refused, and nothing is sent', async (command, problem) => {
  expect(await cloud.run(command)).toMatchObject({ exitCode: 2, out: [], error: [problem] });
  expect(track.world.calls).toEqual([]);
});
