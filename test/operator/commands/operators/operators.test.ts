import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { operatorKeysKey, parseOperatorKeyFile, parseOperatorKeys } from '../../../../core/keys/operator-keys.ts';
import type { Finished } from '../../command-under-test.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

const keyFile = '/home/ada/.keeptrack/kt-operator.json';

let cloud: SmallCloud;
/** Files of the operator's machine. */
let files: Record<string, string>;

beforeEach(async () => {
  cloud = await startSmallCloud();
  files = { ...cloud.configFile };
});
afterEach(() => cloud.close());

async function run(command: string): Promise<Finished> {
  const finished = await cloud.run(command, { files });
  files = { ...files, ...finished.written };
  expect([...finished.out, ...finished.error, ...finished.progress].join('\n')).not.toMatch(/PRIVATE KEY|MC4CAQ/);
  return finished;
}

function published(region: typeof east | typeof west) {
  const held = cloud.buckets[region].get(operatorKeysKey);
  return held.kind === 'ok' ? (parseOperatorKeys(held.value.body)?.keys ?? []) : [];
}

function privateKey(file = keyFile) {
  return parseOperatorKeyFile(files[file] ?? '');
}

function breakBucket(region: string): void {
  cloud.faults.add({ region, service: 's3', effect: 'error', status: 500, code: 'InternalError' });
}

function heal(): void {
  for (const { id } of cloud.faults.list()) cloud.faults.remove(id);
}

describe('operators add', () => {
  test('keeps the private key in a file and publishes the public one in both regions', async () => {
    const { exitCode, out, error } = await run('operators add ada');
    const id = privateKey()?.id;
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    expect(out[0]).toBe(`key ${id} of ada is published in us-east-1 and us-west-2`);
    expect(published(east)).toMatchObject([{ id, name: 'ada', fromMs: cloud.time.nowMs(), changedBy: 'ada' }]);
    expect(published(west)).toEqual(published(east));
  });

  test('again publishes the same key, and completes the region that did not take it', async () => {
    breakBucket(east);
    const half = await run('operators add ada');
    expect(half).toMatchObject({
      exitCode: 1,
      out: [expect.stringMatching(/ is published in us-west-2$/), expect.anything()],
    });
    expect(half.error[0]).toMatch(/^us-east-1: its list of keys was not written \(500 InternalError\)$/);
    expect(half.error[1]).toMatch(/Running it again does no harm/);
    heal();
    expect(await run('operators add ada')).toMatchObject({ exitCode: 0, error: [] });
    expect(published(east)).toHaveLength(1);
    expect(published(east)).toEqual(published(west));
  });

  test('never overwrites the key of somebody else, and never a list that it does not understand', async () => {
    await run('operators add ada');
    const before = files[keyFile];
    expect(await run('operators add bob')).toMatchObject({ exitCode: 2 });
    expect(files[keyFile]).toBe(before);
    cloud.buckets[east].put(operatorKeysKey, Buffer.from('[]'));
    expect(await run('operators add bob --key-file /tmp/bob.json')).toMatchObject({
      exitCode: 1,
      error: [
        expect.stringMatching(/^us-east-1: .* is no list of keys: somebody changed it by hand/),
        expect.anything(),
      ],
    });
  });

  test('by two operators at once publishes both keys', async () => {
    const bob = cloud.run('operators add bob --key-file /tmp/bob.json', { files });
    await Promise.all([run('operators add ada'), bob]);
    for (const region of [east, west] as const) {
      expect(
        published(region)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['ada', 'bob']);
    }
  });
});

describe('operators rotate', () => {
  test('makes a new key valid at once, and ends the old one later', async () => {
    await run('operators add ada');
    const old = privateKey()?.id;
    expect(await run('operators rotate --overlap 24h')).toMatchObject({ exitCode: 0, error: [] });
    const next = privateKey()?.id;
    expect(next).not.toBe(old);
    expect(privateKey(`${keyFile}.next`)).toBeUndefined();
    const untilMs = cloud.time.nowMs() + 86_400_000;
    const byId = new Map(published(west).map((key) => [key.id, key.untilMs]));
    expect([byId.get(old ?? ''), byId.get(next ?? ''), byId.size]).toEqual([untilMs, undefined, 2]);
  });

  test('that reaches no region keeps the old key, and goes on with the same new one', async () => {
    await run('operators add ada');
    const old = privateKey()?.id;
    breakBucket(east);
    breakBucket(west);
    expect(await run('operators rotate')).toMatchObject({ exitCode: 1, out: [] });
    expect(privateKey()?.id).toBe(old);
    const waiting = privateKey(`${keyFile}.next`)?.id;
    heal();
    await run('operators rotate');
    expect(privateKey()?.id).toBe(waiting);
  });
});

describe('operators revoke', () => {
  test('ends a key in both regions, and a region that was dead learns it by the next command', async () => {
    await run('operators add ada');
    const id = privateKey()?.id;
    breakBucket(west);
    expect(await run(`operators revoke ${id}`)).toMatchObject({ exitCode: 1 });
    heal();
    const list = await run('operators list');
    expect(list).toMatchObject({ exitCode: 1, error: [expect.stringMatching(/^The lists differ/)] });
    expect(list.out[1]).toMatch(new RegExp(`^${id} .* us-west-2$`));
    expect(await run('operators publish')).toMatchObject({ exitCode: 0 });
    expect(published(west)).toEqual(published(east));
    expect(published(west)[0]?.untilMs).toBe(cloud.time.nowMs());
    expect(await run('operators list')).toMatchObject({ exitCode: 0, error: [] });
    expect(await run(`operators revoke ${id}`)).toMatchObject({ exitCode: 2 });
    expect(await run('operators add ada')).toMatchObject({
      exitCode: 2,
      error: [expect.stringContaining('was revoked')],
    });
  });

  test('from a time in the past says what to do about figures', async () => {
    await run('operators add ada');
    const { out } = await run(`operators revoke ${privateKey()?.id} --at 2026-11-23T05:00Z`);
    expect(out.join('\n')).toContain('keeptrack rebuild');
  });

  test('while lists cannot be read says so, and not that the key is unknown', async () => {
    await run('operators add ada');
    const id = privateKey()?.id;
    breakBucket(east);
    breakBucket(west);
    const unread = [
      "us-east-1: its list of operators' keys cannot be read (500 InternalError)",
      "us-west-2: its list of operators' keys cannot be read (500 InternalError)",
      'No region says which keys are published.',
    ];
    expect(await run(`operators revoke ${id}`)).toMatchObject({
      exitCode: 1,
      error: [...unread, expect.stringContaining(`${id}: was not revoked. Run the same command again`)],
    });
    expect(await run('operators list')).toMatchObject({ exitCode: 1, out: [], error: unread });
    expect(await run('conversions list --from 1h')).toMatchObject({ exitCode: 1, out: [], error: unread });
    heal();
    breakBucket(west);
    expect(await run('operators revoke 0123456789abcdef')).toMatchObject({ exitCode: 1 });
    heal();
    expect(await run(`operators revoke ${id?.toUpperCase()}`)).toMatchObject({ exitCode: 0 });
  });

  test('of an unknown key, or at no time, is a mistake', async () => {
    expect(await run('operators revoke 0123456789abcdef')).toMatchObject({ exitCode: 2 });
    expect(await run('operators revoke 0123456789abcdef --at tomorrow')).toMatchObject({ exitCode: 2 });
  });
});

describe('a decision', () => {
  const approve = `conversions approve ${'a'.repeat(32)} --yes`;

  test('is refused without a key, and with a key that a region has not published', async () => {
    expect(await run(approve)).toMatchObject({ exitCode: 2, error: [expect.stringContaining('there is no key')] });
    breakBucket(east);
    await run('operators add ada');
    heal();
    expect(await run(approve)).toMatchObject({
      exitCode: 2,
      error: [expect.stringMatching(/^us-east-1: key [0-9a-f]{16} of ada is not published there/)],
    });
  });

  test('is refused with a key that has ended', async () => {
    await run('operators add ada');
    await run(`operators revoke ${privateKey()?.id}`);
    expect(await run(approve)).toMatchObject({
      exitCode: 2,
      error: [expect.stringContaining('was revoked'), expect.anything()],
    });
  });

  test('is refused while no region says which keys are published', async () => {
    await run('operators add ada');
    breakBucket(east);
    breakBucket(west);
    expect(await run(approve)).toMatchObject({ exitCode: 1 });
    expect([...cloud.intake(east), ...cloud.intake(west)]).toEqual([]);
  });
});
