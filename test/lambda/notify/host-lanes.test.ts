import { expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import type { PostbackOutcome, PostbackRequest } from '../../../core/postbacks/outcome.ts';
import { HostLanes } from '../../../lambda/notify/host-lanes.ts';

const { connectionsMax, connectionsPerHost } = limits.notify;

test('hosts with a backlog hold all connections: the next one that is free goes to a host that has none', async () => {
  const asked: { readonly host: string; readonly answer: (outcome: PostbackOutcome) => void }[] = [];
  const send = ({ url }: PostbackRequest) =>
    new Promise<PostbackOutcome>((answer) => asked.push({ host: new URL(url).host, answer }));
  const lanes = new HostLanes(send, () => false);
  const ask = (host: string) =>
    void lanes.send({ method: 'GET', url: `https://${host}.example/`, idempotencyId: `${asked.length}` });
  for (let host = 0; host < connectionsMax / connectionsPerHost.windowStart; host += 1) {
    for (let postback = 0; postback < 20; postback += 1) ask(`host-${host}`);
  }
  expect(asked).toHaveLength(connectionsMax);
  ask('late');
  const [first] = asked;
  first?.answer({ kind: 'delivered', status: 200, ms: 50 });
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(connectionsMax + 1);
  expect(asked.at(-1)?.host).toBe('late.example');
});
