import { expect, test } from 'vitest';
import { senderThrough } from '../../../drill/load/entry-point.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { FakeCloud } from '../fake-cloud.ts';

const cloud = Object.assign(new FakeCloud(new SimulatedTime()), {
  urls: {
    name: 'http://name',
    console: '',
    endpoint: '',
    region: { 'us-east-1': 'http://east', 'us-west-2': 'http://west' },
  },
});

function doors() {
  const sent: string[] = [];
  const closed: string[] = [];
  const open = (origin: string) => ({
    send: async (path: string) => {
      sent.push(`${origin}${path}`);
      return { status: 302, error: '', headers: {}, body: '' };
    },
    close: async () => {
      closed.push(origin);
    },
  });
  return { sent, closed, open };
}

test('a load with the entry point name goes to the name only', async () => {
  const { sent, closed, open } = doors();
  const sender = senderThrough('name', cloud, open);
  await sender.send('/a');
  await sender.close();
  expect([sent, closed]).toEqual([['http://name/a'], ['http://name']]);
});

test('a load with the entry point regions goes to each region in turn', async () => {
  const { sent, closed, open } = doors();
  const sender = senderThrough('regions', cloud, open);
  for (const path of ['/a', '/b', '/c']) await sender.send(path);
  await sender.close();
  expect(sent).toEqual(['http://east/a', 'http://west/b', 'http://east/c']);
  expect(closed).toEqual(['http://east', 'http://west']);
});
