import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event/event.ts';
import { mintTransactionId } from '../../../core/event/transaction-id.ts';
import { postbackKey } from '../../../core/keys/postback-key.ts';
import { decide } from '../../../core/tracking/decide.ts';
import { contextOf, keys, requestOf } from './ask.ts';

/** The examples of docs/links.md sign postbacks that Keeptrack accepts, each run as it stands there. */

const run = promisify(execFile);
const [, section = ''] = readFileSync('docs/links.md', 'utf8').split('### Signatures');

function exampleIn(language: string): string {
  const example = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section)?.[1];
  if (example === undefined) throw new Error(`docs/links.md has no example in ${language}`);
  return example;
}

let server: Server;
let lastFields: EventFields = {};
beforeAll(async () => {
  server = createServer((request, response) => {
    const decision = decide(requestOf(request.url ?? ''), contextOf({ nowMs: Date.now() }));
    if (decision.kind !== 'capture') throw new Error(`not captured but ${decision.kind}`);
    lastFields = decision.draft.fields;
    response.end(decision.reply.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => server.close());

function surroundings(): NodeJS.ProcessEnv {
  const click = { clickedAtMs: Date.now() - 60_000, region: 'us-east-1', offerId: 800, affiliateId: 2 };
  return {
    ...process.env,
    NO_PROXY: '127.0.0.1',
    KEY: postbackKey(keys.signing, 7, 1),
    TRACKING_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    TRANSACTION_ID: mintTransactionId(click, new Uint8Array(5), keys),
  };
}

test.each([
  ['bash', 'bash', ['-euo', 'pipefail', '-c'], 'order 7'],
  ['js', process.execPath, ['--input-type=module', '--eval'], "Café (d'Or)"],
])('in %s', async (language, program, options, ownText) => {
  const { stdout } = await run(program, [...options, exampleIn(language)], { env: surroundings() });
  expect(stdout.trim()).toBe('success=true;');
  expect(lastFields).toMatchObject({ status: 'approved', sender: 'proven', amount: '49.99', adv_sub: ownText });
});
