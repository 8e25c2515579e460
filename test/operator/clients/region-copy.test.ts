import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import type { Deployment } from '../../../operator/clients/deployment.ts';
import { withStoredRegions } from '../../../operator/clients/region-copy.ts';

const { copiesAtOnce } = limits.replacing;

test('as many copies as the command begins at once have a socket each, and none waits for one', async () => {
  const waiting: ServerResponse[] = [];
  const server = createServer((_, response) => {
    waiting.push(response);
    if (waiting.length < copiesAtOnce) return;
    for (const one of waiting) one.end('<CopyObjectResult><ETag>"a"</ETag></CopyObjectResult>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientOptions = (region: string) => ({
    ...{ region, endpoint, maxAttempts: 1, forcePathStyle: true, requestHandler: {} },
    credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
  });
  const config = { name: 'kt', account: '111122223333' };
  const deployment = { config, clientOptions } as unknown as Deployment;
  const answers = await withStoredRegions(deployment, ['us-west-2', 'us-east-2'], (_, fresh) =>
    Promise.all(Array.from({ length: copiesAtOnce }, (__, key) => fresh.copyFrom('kt-log', `${key}`, 10_000))),
  );
  server.closeAllConnections();
  server.close();
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});
