import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { environmentNames, functionSettings, type SettingName } from '../../core/config/settings.ts';
import { smallCatalog } from './track/small-catalog.ts';

/** What each function does when Lambda loads it: its wiring, and no AWS that answers. */

const taskRoot = mkdtempSync(join(tmpdir(), 'keeptrack-handlers-'));
writeFileSync(join(taskRoot, 'catalog.json'), smallCatalog('Network').text);

afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(taskRoot, { recursive: true }));

const parts = Object.keys(functionSettings) as (keyof typeof functionSettings)[];

const texts: Partial<Record<SettingName, string>> = {
  ...{ region: 'us-east-1', peerRegion: 'us-west-2', timeZone: 'Asia/Kolkata', timeZoneOffsets: '0:330' },
  ...{ signingKey: '5'.repeat(64), acceptedKey: '5'.repeat(64) },
  ...{ peerFirstOneIn: '0', viaQueueOneIn: '0', clickCapture: 'home' },
  ...{ clientAddressKept: 'full', userAgentKept: 'full' },
};

function namesOf(part: (typeof parts)[number]): readonly SettingName[] {
  return ['region', ...functionSettings[part]];
}

/** Each time a module of its own, though the file is the same: a handler reads its environment once, when it is loaded. */
async function load(part: (typeof parts)[number], reason: string): Promise<unknown> {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test').stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('LAMBDA_TASK_ROOT', taskRoot).stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  return import(/* @vite-ignore */ `../../lambda/${part}/${part}.lambda.ts?${reason}`);
}

describe.each(parts)('%s', (part) => {
  test('starts with the variables that its stack sets, and while no service answers', async () => {
    for (const name of namesOf(part)) vi.stubEnv(environmentNames[name], texts[name] ?? 'http://127.0.0.1:1/name');
    expect(await load(part, 'complete')).toHaveProperty('handler', expect.any(Function));
  });

  test('refuses to start without them, with one error that names each', async () => {
    for (const name of namesOf(part)) vi.stubEnv(environmentNames[name], undefined);
    const error = await load(part, 'empty').catch(String);
    const missing = /^Error: environment variables are missing: (.*)$/.exec(String(error))?.[1]?.split(', ') ?? [];
    expect(missing.toSorted()).toEqual(
      namesOf(part)
        .map((name) => environmentNames[name])
        .toSorted(),
    );
  });
});
