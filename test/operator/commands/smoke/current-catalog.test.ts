import { resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

const catalog = 'network: { name: N }\nadvertisers: []\noffers: []\n';
let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

function run(command: string) {
  const config = { ...JSON.parse(cloud.configFile['keeptrack.config.json']), catalog: 'offers.yaml' };
  const files = { 'kt/config.json': JSON.stringify(config), [resolve('kt/offers.yaml')]: catalog };
  return cloud.run(`${command} --config kt/config.json`, { files });
}

function breakBucket(region: string): void {
  cloud.faults.add({ region, service: 's3', effect: 'error', status: 500, code: 'InternalError' });
}

test('while no catalog is published, commands use the one that is built in', async () => {
  const result = await run('smoke us-east-1');
  expect(result.progress).toEqual([
    `no catalog is published (us-east-1: 404 NoSuchKey; us-west-2: 404 NoSuchKey): using the one that is built in, ${resolve('kt/offers.yaml')}`,
  ]);
  expect(result).toMatchObject({ exitCode: 2, error: ['the catalog has no active affiliate'] });
  breakBucket(east);
  expect(await run('advertisers key 7')).toMatchObject({ exitCode: 2, error: ['the catalog has no advertiser 7'] });
});

test('while nobody says whether a catalog is published, commands use none', async () => {
  breakBucket(east);
  breakBucket(west);
  expect(await run('advertisers key 7')).toMatchObject({
    exitCode: 1,
    out: [],
    error: ['the published catalog cannot be read (us-east-1: 500 InternalError; us-west-2: 500 InternalError)'],
  });
});
