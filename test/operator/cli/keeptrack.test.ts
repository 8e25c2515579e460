import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runKeeptrack } from '../command-under-test.ts';

const catalog = `network: { name: N }
advertisers: [{ id: 1, name: A }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }]
`;
const files: Readonly<Record<string, string>> = {
  'catalog.yaml': catalog,
  'wrong.yaml': catalog.replace(/"https.*?"/, 'a.example').replace('payout: 1', 'payout: -1'),
  'keeptrack.config.json': JSON.stringify({ name: 'kt', account: '111122223333', regions: ['us-east-1', 'eu-west-1'] }),
  'wrong.json': '{"name": "kt", "account": "111122223333", "regions": ["us-east-1", "us-east-1"]}',
};

const run = (...args: readonly string[]) => runKeeptrack(args, { files });

describe('keeptrack catalog validate', () => {
  test('sums up a valid catalog in one line', async () => {
    expect(await run('catalog', 'validate', 'catalog.yaml')).toMatchObject({
      exitCode: 0,
      out: [
        expect.stringMatching(
          /^catalog\.yaml: valid, version [0-9a-f]{12}, 1 offer, 0 affiliates, 1 advertiser, 0 creatives$/,
        ),
      ],
      error: [],
    });
  });

  test('prints every problem of an invalid catalog, one a line, and exits with 2', async () => {
    expect(await run('catalog', 'validate', 'wrong.yaml')).toMatchObject({
      exitCode: 2,
      out: [],
      error: [
        'offer 1 (line 3): offer_url: must be an http or https URL',
        'offer 1 (line 3): payout: must be an exact decimal such as 2.50 (up to 9 digits and 6 decimals, no sign)',
        'wrong.yaml: 2 problems',
      ],
    });
  });

  test('says which file it could not read', async () => {
    const result = await run('catalog', 'validate', 'nowhere.yaml');
    expect(result).toMatchObject({ exitCode: 2, out: [], error: ['nowhere.yaml: cannot be read (ENOENT)'] });
  });

  test('shows control characters as escapes', async () => {
    const { error } = await run('catalog', 'validate', '\u001b[2J\u202e.yaml');
    expect(error).toEqual(['\\x1b[2J\\u202e.yaml: cannot be read (ENOENT)']);
    const inOneLine = await run('catalog', 'validate', 'a\n\tb.yaml');
    expect(inOneLine.error).toEqual(['a\\x0a\\x09b.yaml: cannot be read (ENOENT)']);
  });
});

describe('keeptrack catalog publish', () => {
  let server: Server;
  let endpoint: string;
  let objects: Map<string, string>;
  let secondRegion: string;

  beforeEach(async () => {
    objects = new Map();
    secondRegion = 'eu-west-1';
    server = createServer(async (request, response) => {
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      let body = '';
      for await (const chunk of request) body += chunk;
      const state = { urls: { name: endpoint, endpoint, region: { 'us-east-1': endpoint, [secondRegion]: endpoint } } };
      if (path === '/api/state') response.writeHead(200).end(JSON.stringify(state));
      else {
        objects.set(`${request.method} ${path}`, body);
        response.writeHead(200).end();
      }
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    await new Promise((closed) => server.close(closed));
  });

  test('says how to start a local cloud when none answers', async () => {
    const result = await run('catalog', 'publish', 'catalog.yaml', '--local', 'http://127.0.0.1:1');
    expect(result).toMatchObject({ exitCode: 2, out: [] });
    expect(result.error).toEqual([
      expect.stringMatching(/^--local: no local cloud at http:\/\/127\.0\.0\.1:1 \(ECONNREFUSED\): run npm start/),
    ]);
  });

  test('publishes nothing to a local cloud whose regions are not those of the config', async () => {
    secondRegion = 'eu-west-2';
    const result = await run('catalog', 'publish', 'catalog.yaml', '--local', endpoint);
    expect(result).toMatchObject({ exitCode: 2, out: [] });
    expect(result.error).toEqual([expect.stringContaining(`at ${endpoint} runs us-east-1 and eu-west-2`)]);
    expect(objects.size).toBe(0);
  });

  test.each([
    [['wrong.yaml'], 'wrong.yaml: 2 problems'],
    [['catalog.yaml', '--config', 'wrong.json'], 'wrong.json: regions: must be two different regions'],
    [['catalog.yaml', '--config', 'none.json'], 'none.json: cannot be read (ENOENT)'],
    [['catalog.yaml', '--local=localhost:4566'], expect.stringContaining('Give an http or https URL')],
  ])('%j publishes nothing', async (args, problem) => {
    const result = await run('catalog', 'publish', '--local', endpoint, ...args);
    expect(result).toMatchObject({ exitCode: 2, out: [], error: expect.arrayContaining([problem]) });
    expect(objects.size).toBe(0);
  });
});

describe('keeptrack', () => {
  test.each([
    [['catalog', 'nonsense'], "keeptrack catalog: unknown command 'nonsense' (keeptrack catalog --help explains)"],
    [
      ['catalog', 'validate'],
      "keeptrack catalog validate: missing required argument 'file' (keeptrack catalog validate --help explains)",
    ],
    [['nonsense'], "keeptrack: unknown command 'nonsense' (keeptrack --help explains)"],
    [
      ['catalog', 'publish', 'a', '--frobnicate'],
      "keeptrack catalog publish: unknown option '--frobnicate' (keeptrack catalog publish --help explains)",
    ],
    [['shift', 'us-east-1'], 'keeptrack shift: say --away or --back (keeptrack shift --help explains)'],
    [
      ['--config', 'report', 'status', '--bad'],
      "keeptrack status: unknown option '--bad' (keeptrack status --help explains)",
    ],
  ])('%j is refused with one line that explains the mistake', async (args, line) => {
    expect(await run(...args)).toMatchObject({ exitCode: 2, out: [], error: [line] });
  });

  test('answers a group of commands without a command with its help', async () => {
    const result = await run('catalog');
    expect(result).toMatchObject({ exitCode: 2, out: [] });
    expect(result.error.join('\n')).toContain('Usage: keeptrack catalog');
  });

  test('takes --local without an address in front of a command', async () => {
    const result = await run('--local', 'catalog', 'validate', 'catalog.yaml');
    expect(result).toMatchObject({ exitCode: 0, error: [] });
  });

  test('has help for itself and each command, with an example', async () => {
    const waiting = [''];
    const explained: string[] = [];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const { exitCode, out, error } = await run(...name.split(' ').filter(Boolean), '--help');
      const help = out.join('\n');
      expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
      expect(help).toMatch(new RegExp(`^Usage: keeptrack${name} .*Examples?:\n  npx keeptrack ${name.trim()}`, 's'));
      explained.push(name.trim());
      const [, commands = ''] = /\nCommands:\n(.*?)\n\n/s.exec(help) ?? [];
      for (const [, command] of commands.matchAll(/^ {2}(?!help\b)([a-z-]+)/gm)) waiting.push(`${name} ${command}`);
    }
    expect(explained.length).toBeGreaterThanOrEqual(19);
  });
});
