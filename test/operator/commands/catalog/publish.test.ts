import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parsePublications } from '../../../../core/catalog/publications.ts';
import { parseSnapshot } from '../../../../core/catalog/snapshot.ts';
import type { Circumstances } from '../../command-under-test.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const catalogPaying = (payout: string) => `network: { name: N }
advertisers: [{ id: 1, name: A }]
offers: [{ id: 8, name: Shoes, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: "${payout}", revenue: 9 }]
`;
const files = {
  '2.yaml': catalogPaying('2.00'),
  '3.yaml': catalogPaying('3.00'),
  '4.yaml': catalogPaying('4.00'),
  'wrong.yaml': catalogPaying('-1'),
};

const run = (command: string, circumstances: Circumstances = {}) => cloud.run(command, { files, ...circumstances });
const publish = (file: string, circumstances: Circumstances = {}) =>
  run(`catalog publish ${file} --yes`, circumstances);

function objectIn(region: typeof east | typeof west, key: string): Uint8Array {
  const found = cloud.buckets[region].get(key);
  return found.kind === 'ok' ? found.value.body : new Uint8Array();
}

/** The payout of offer 8 that a region's published catalog has. */
function payoutIn(region: typeof east | typeof west): string | undefined {
  const parsed = parseSnapshot(Buffer.from(objectIn(region, 'catalog/current.json')).toString());
  return parsed.kind === 'catalog' ? parsed.catalog.offers.get(8)?.payout : undefined;
}

function publishedIn(region: typeof east | typeof west) {
  return parsePublications(objectIn(region, 'catalog/published.json'));
}

describe('a catalog', () => {
  test('is published in both regions, under its version, with a name, and as the current one', async () => {
    const { exitCode, out, error, questions } = await run('catalog publish 2.yaml');
    expect({ exitCode, error, questions }).toEqual({ exitCode: 0, error: [], questions: [] });
    const version = /version ([0-9a-f]{12})/.exec(out[0] ?? '')?.[1];
    expect(out).toEqual([`us-east-1: version ${version} published`, `us-west-2: version ${version} published`]);
    expect(cloud.written).toEqual(
      [east, west].flatMap((region) =>
        [`catalog/versions/${version}.json`, 'catalog/published.json', 'catalog/current.json'].map(
          (key) => `${region} ${key}`,
        ),
      ),
    );
    expect([payoutIn(east), payoutIn(west)]).toEqual(['2.00', '2.00']);
    expect(publishedIn(east)).toEqual([{ version, by: 'ada', atMs: expect.any(Number) }]);
    expect(publishedIn(west)).toEqual(publishedIn(east));
  });

  test('that changes what is published is shown, and published when somebody says yes', async () => {
    await publish('2.yaml');
    const refused = await run('catalog publish 3.yaml');
    expect(refused).toMatchObject({
      exitCode: 2,
      progress: ['offer 8 Shoes: payout 2.00 -> 3.00; pays more from now on'],
      questions: ['Publish this? Type yes to go on: '],
      error: ['Nothing was published. In a script, give --yes.'],
    });
    expect((await run('catalog publish 3.yaml', { answers: 'no' })).exitCode).toBe(2);
    expect(payoutIn(east)).toBe('2.00');
    expect((await run('catalog publish 3.yaml', { answers: 'yes' })).exitCode).toBe(0);
    expect([payoutIn(east), payoutIn(west)]).toEqual(['3.00', '3.00']);
  });

  test('that is published already changes nothing, asks nothing and is no second publication', async () => {
    await publish('2.yaml');
    const writes = cloud.written.length;
    expect(await run('catalog publish 2.yaml')).toMatchObject({
      exitCode: 0,
      questions: [],
      progress: ['nothing would change'],
    });
    expect(cloud.written.length).toBe(writes);
  });

  test('with a mistake is not published', async () => {
    expect(await publish('wrong.yaml')).toMatchObject({ exitCode: 2, out: [] });
    expect(cloud.written).toEqual([]);
  });

  test('takes the place of a damaged one', async () => {
    cloud.buckets[east].put('catalog/current.json', Buffer.from('{}'));
    expect(await publish('2.yaml')).toMatchObject({
      exitCode: 0,
      error: [expect.stringContaining('us-east-1: its published catalog is damaged')],
    });
    expect(payoutIn(east)).toBe('2.00');
  });
});

describe('of two operators who publish at once', () => {
  test('the second one overwrites nothing, in either region, and learns what to do', async () => {
    await publish('2.yaml');
    const bobPublishes = async () => {
      expect((await publish('4.yaml', { userName: 'bob' })).exitCode).toBe(0);
      return 'yes';
    };
    const { exitCode, out, error } = await run('catalog publish 3.yaml', { ask: bobPublishes });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: [] });
    expect(error).toEqual([
      'us-east-1: not published (somebody else has published since this command read it); it keeps the catalog it has',
      'us-west-2: not tried; it keeps the catalog it has',
      'Run catalog diff to see what is published now, merge it into the file, and publish again.',
    ]);
    expect([payoutIn(east), payoutIn(west)]).toEqual(['4.00', '4.00']);
    expect(publishedIn(east)?.map(({ by }) => by)).toEqual(['ada', 'bob']);
  });

  test('the second one can overwrite on purpose, and the history says so', async () => {
    await publish('2.yaml');
    const bobPublishes = async () => ((await publish('4.yaml', { userName: 'bob' })).exitCode === 0 ? 'yes' : '');
    expect((await run('catalog publish 3.yaml --overwrite', { ask: bobPublishes })).exitCode).toBe(0);
    expect([payoutIn(east), payoutIn(west)]).toEqual(['3.00', '3.00']);
    expect((await run('catalog history')).out.join('\n')).toContain('overwritten unseen');
  });

  test('nobody is mistaken for another one when the answers of S3 get lost', async () => {
    await publish('2.yaml');
    cloud.faults.add({ region: east, service: 's3', effect: 'lose-reply', actions: ['PutObject'], rate: 0.5 });
    expect((await publish('3.yaml')).error.join('\n')).not.toContain('somebody else');
    expect(payoutIn(east)).toBe('3.00');
  });
});

describe('while a region is down', () => {
  test('the other one gets the catalog, and the same command repairs the first one later', async () => {
    await publish('2.yaml');
    const outage = cloud.kill(east);
    const { exitCode, out, error } = await publish('3.yaml');
    expect(exitCode).toBe(1);
    expect(out).toEqual([expect.stringMatching(/^us-west-2: version [0-9a-f]{12} published$/)]);
    expect(error[0]).toMatch(/^us-east-1: its catalog cannot be read \(/);
    expect(error[1]).toMatch(/^us-east-1: not published \(.*; it keeps the catalog it has$/);
    expect(error[2]).toBe('Run the same command again when the region answers. Publishing twice does no harm.');
    cloud.faults.remove(outage.id);
    const repaired = await run('catalog publish 3.yaml', { userName: 'bob' });
    expect(repaired).toMatchObject({ exitCode: 0, questions: [], progress: ['nothing would change'] });
    expect([payoutIn(east), payoutIn(west)]).toEqual(['3.00', '3.00']);
    expect(publishedIn(east)?.map(({ by }) => by)).toEqual(['ada', 'ada']);
    expect(publishedIn(west)).toEqual(publishedIn(east));
  });

  test('a later catalog is compared with the one that was published last, not with the older one', async () => {
    await publish('2.yaml');
    const outage = cloud.kill(east);
    cloud.time.freeze(60_000);
    await publish('3.yaml', { userName: 'bob' });
    cloud.faults.remove(outage.id);
    const { out, error } = await run('catalog diff 4.yaml');
    expect(out).toContain('offer 8 Shoes: payout 3.00 -> 4.00; pays more from now on');
    expect(error[1]).toMatch(
      /^us-west-2: has version \w+, published by bob at 2026-11-23 05:11:00 UTC; the regions differ$/,
    );
  });

  test('an emergency needs --overwrite where reads fail and writes work', async () => {
    await publish('2.yaml');
    cloud.faults.add({ service: 's3', effect: 'error', status: 403, code: 'AccessDenied', actions: ['GetObject'] });
    expect((await publish('3.yaml')).exitCode).toBe(1);
    expect([payoutIn(east), payoutIn(west)]).toEqual(['2.00', '2.00']);
    expect((await publish('3.yaml --overwrite')).exitCode).toBe(0);
    expect([payoutIn(east), payoutIn(west)]).toEqual(['3.00', '3.00']);
  });

  test('no catalog becomes current that could not be stored under its version', async () => {
    cloud.faults.add({
      region: east,
      service: 's3',
      effect: 'error',
      status: 403,
      code: 'AccessDenied',
      actions: ['PutObject'],
    });
    const { error } = await publish('2.yaml');
    expect(error[0]).toMatch(
      /^us-east-1: not published \(s3:\/\/kt-log-111122223333-us-east-1\/catalog\/versions\/.*: 403 AccessDenied\)/,
    );
    expect(cloud.written.filter((key) => key.startsWith(east))).toEqual([]);
  });
});

test('the result as JSON says which region has the catalog', async () => {
  cloud.kill(east);
  const { out } = await publish('2.yaml --json');
  expect(JSON.parse(out.join('\n'))).toEqual({
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    regions: [
      { region: east, published: false, failure: expect.stringContaining('not published') },
      { region: west, published: true },
    ],
  });
});

describe('catalog history', () => {
  test('shows who published what, the latest first, and what is in force where', async () => {
    await publish('2.yaml');
    cloud.time.freeze(60_000);
    await publish('3.yaml', { userName: 'bob' });
    const { exitCode, out } = await run('catalog history');
    expect(exitCode).toBe(0);
    expect(out[0]).toMatch(/^us-east-1: version [0-9a-f]{12}$/);
    expect(out.slice(3).map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['2026-11-23 05:11:00 UTC', 'bob'],
      ['2026-11-23 05:10:00 UTC', 'ada'],
    ]);
    const { inForce, publications } = JSON.parse((await run('catalog history --json')).out.join('\n'));
    expect(inForce).toEqual([east, west].map((region) => ({ region, version: publications[0].version })));
    expect(publications[0].replaces).toBe(publications[1].version);
  });

  test('says which region could not be asked', async () => {
    cloud.kill(east);
    const { exitCode, error } = await run('catalog history');
    expect({ exitCode, error }).toEqual({
      exitCode: 1,
      error: [expect.stringContaining('us-east-1: its catalog cannot be read')],
    });
  });
});

describe('catalog diff', () => {
  test('says that nothing is published yet, and that everything is new', async () => {
    const { exitCode, out } = await run('catalog diff 2.yaml');
    expect(exitCode).toBe(0);
    expect(out[0]).toMatch(/^nothing is published yet; 2\.yaml is version [0-9a-f]{12}$/);
    expect(out).toContain('advertiser 1 A: new');
    expect(cloud.written).toEqual([]);
  });

  test('gives the changes as JSON', async () => {
    await publish('2.yaml');
    const { out } = await run('catalog diff 3.yaml --json');
    expect(JSON.parse(out.join('\n'))).toEqual({
      published: expect.stringMatching(/^[0-9a-f]{12}$/),
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      changes: [
        {
          ...{ what: 'offer 8 Shoes', change: 'changed', field: 'payout', before: '2.00', after: '3.00' },
          effect: 'pays more from now on',
        },
      ],
    });
  });

  test('fails when no region can be read', async () => {
    cloud.kill(east);
    cloud.kill(west);
    expect(await run('catalog diff 2.yaml')).toMatchObject({ exitCode: 1, out: [] });
  });
});
