import { expect, test } from 'vitest';
import type { LocalCloudOptions } from '../../local/cloud.ts';
import { localCommand } from '../../local/command.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { UserError } from '../../local/listen.ts';
import { usualPorts } from '../../local/ports.ts';

/** Runs the command with a cloud that only notes what happens to it, interrupted as soon as it runs. */
async function run(args: readonly string[], failure?: Error) {
  const seen = { out: '', err: '', started: [] as LocalCloudOptions[], stops: 0 };
  const region = { region: 'us-east-1', bucket: { name: 'the-log' } };
  const cloud = {
    regions: ['us-east-1'],
    urls: {
      name: 'http://name',
      console: 'http://console',
      endpoint: 'http://aws',
      region: { 'us-east-1': 'http://east' },
    },
    partners: () => [{ name: 'demo.partner.test', url: 'http://partner' }],
    state: () => ({ regions: [region] }),
    async stop() {
      seen.stops += 1;
    },
  } as unknown as LocalCloud;
  const status = await localCommand(args, {
    nowMs: () => 0,
    async start(options) {
      seen.started.push(options);
      options.onProgress?.('doing something');
      if (failure) throw failure;
      return cloud;
    },
    print: (text) => {
      seen.out += `${text}\n`;
    },
    printError: (text) => {
      seen.err += `${text}\n`;
    },
    interrupted: Promise.resolve(),
  });
  return { ...seen, status };
}

test('without flags the usual ports are used and the data of the last run is not', async () => {
  const { started, status, stops } = await run([]);
  expect(started).toMatchObject([{ ports: usualPorts, keep: false, speed: 1 }]);
  expect([status, stops]).toEqual([0, 1]);
});

test('every flag reaches the cloud', async () => {
  const { started } = await run(
    [
      '--port-name 1 --port-region-1 2 --port-region-2 3 --port-console 4 --port-endpoint 5 --keep --speed 10',
      '--port-http-name 6 --port-http-region-1 7 --port-http-region-2 8 --front-door alb',
    ].flatMap((flags) => flags.split(' ')),
  );
  expect(started).toMatchObject([
    {
      ports: { name: 1, regions: [2, 3], overHttp: { name: 6, regions: [7, 8] }, console: 4, endpoint: 5 },
      ...{ keep: true, speed: 10, frontDoor: 'alb' },
    },
  ]);
});

test('progress comes first, then what to open and to try', async () => {
  const { out } = await run(['--data', 'some/folder']);
  expect(out).toMatch(/doing something[\s\S]*http:\/\/console/);
  expect(out).toContain("curl -i -A Mozilla/5.0 'http://name/aff_c?offer_id=15");
  expect(out).toContain('curl -X POST http://console/api/faults');
  expect(out).toContain("find some/folder/us-east-1/the-log -name '*.gz' | xargs -r zcat");
});

test.each([
  ['a port that is none', ['--port-name', '70000'], 'A port is a number from 0 to 65535.'],
  ['a speed that is none', ['--speed', '0'], 'A speed is a number from 1 to 1000.'],
  ['an unknown flag', ['--nonsense'], "unknown option '--nonsense'"],
  ['an argument', ['nonsense'], 'too many arguments'],
  ['a config that is not there', ['--config', 'nowhere.json'], 'there is no nowhere.json'],
])('%s is told in a line, with exit status 2, before anything starts', async (_, args, message) => {
  const { err, started, status } = await run(args);
  expect(err).toContain(message);
  expect([status, started]).toEqual([2, []]);
});

test('what the user can put right is told without a stack', async () => {
  const { err, status } = await run([], new UserError('port 8080 is taken'));
  expect([err, status]).toEqual(['port 8080 is taken\n', 2]);
});

test('a defect is not taken for a mistake of the user', async () => {
  await expect(run([], new TypeError('defect'))).rejects.toThrow('defect');
});

test('help is no mistake', async () => {
  const { out, status } = await run(['--help']);
  expect(out).toContain('--port-name <port>');
  expect(status).toBe(0);
});
