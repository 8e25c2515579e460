import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runKeeptrack } from '../../command-under-test.ts';

const config = { name: 'kt', account: '111122223333', regions: ['us-east-1', 'eu-west-1'], catalog: 'offers.yaml' };
const catalog = 'network: { name: N }\nadvertisers: []\noffers: []\n';
const urls = {
  name: 'http://127.0.0.1:1',
  endpoint: 'http://127.0.0.1:1',
  region: { 'us-east-1': 'http://127.0.0.1:1', 'eu-west-1': 'http://127.0.0.1:1' },
};

test('while no catalog is published, smoke uses the one that is built in', async () => {
  const http = async () => ({ status: 200, error: '', headers: {}, body: JSON.stringify({ urls }) });
  const files = { 'kt/config.json': JSON.stringify(config), [resolve('kt/offers.yaml')]: catalog };
  const result = await runKeeptrack(['smoke', 'us-east-1', '--local', '--config', 'kt/config.json'], { files, http });
  expect(result.progress).toEqual([
    `no catalog is published (us-east-1: ECONNREFUSED; eu-west-1: ECONNREFUSED): using the one that is built in, ${resolve('kt/offers.yaml')}`,
  ]);
  expect(result).toMatchObject({ exitCode: 2, error: ['the catalog has no active affiliate'] });
});
