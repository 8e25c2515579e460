import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FiguresRow } from '../../../../core/figures/row.ts';
import { encodeOperatorKeys, makeOperatorKey, operatorKeysKey } from '../../../../core/keys/operator-keys.ts';
import { closedPeriodsKey } from '../../../../core/periods/closed-periods.ts';
import { FiguresDouble, row } from '../../figures/figures-double.ts';
import { east, type SmallCloud, startSmallCloud, west } from '../../small-cloud.ts';

const key = makeOperatorKey('Ada');
const published = { id: key.id, name: key.name, publicKey: key.publicKey, fromMs: 0, changedBy: 'ada', changedAtMs: 0 };
const config = {
  ...{ name: 'kt', account: '111122223333', regions: [east, west] },
  domain: { record: 'go.example.com', zoneId: 'Z0123456789ABC', zoneName: 'example.com' },
};
const files = {
  'keeptrack.config.json': JSON.stringify(config),
  '/home/ada/.keeptrack/kt-operator.json': JSON.stringify(key),
};

const hour = '2026-11-20T05';
let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
  for (const region of [east, west]) put(region, operatorKeysKey, encodeOperatorKeys([published]));
  count([row({ hour }, { clicks: 10n, approved: 2n, payout_micros: 5_000_000n, revenue_micros: 8_000_000n })]);
});
afterEach(() => cloud.close());

function put(region: typeof east | typeof west, objectKey: string, body: Uint8Array): void {
  cloud.buckets[region].put(objectKey, body);
}

/** Both regions' figures of the hour. */
function count(rows: readonly FiguresRow[], of = hour, regions = [east, west]): void {
  const figures = new FiguresDouble();
  figures.count(of, rows);
  for (const region of regions) for (const [objectKey, body] of figures.objects) put(region, objectKey, body);
}

const run = (command: string) => cloud.run(command, { files });
const keysIn = (region: typeof east | typeof west) => cloud.buckets[region].keys('periods/');

async function json(command: string) {
  const { out } = await run(`${command} --json`);
  return JSON.parse(out.join('\n'));
}

const first = 'periods close --yes --from 2026-11-20 --to 2026-11-20';

describe('closing a period', () => {
  test('keeps its statement in both buckets, and sends its signed event to both regions', async () => {
    const { exitCode, out, error } = await run(first);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    expect(out.join('\n')).toMatch(
      /2026-11-20\.\.2026-11-20 \(UTC\): 1 day, and 0 earlier days that changed\n[\s\S]*5\.00 +8\.00/,
    );
    expect(keysIn(east)).toEqual([
      expect.stringMatching(/^periods\/2026-11-20\.\.2026-11-20-[0-9a-f]{32}\.ndjson\.gz$/),
      closedPeriodsKey,
    ]);
    expect(keysIn(west)).toEqual(keysIn(east));
    const [event, ...more] = cloud.intake(east).map((body) => JSON.parse(body));
    expect(more).toEqual([]);
    expect(cloud.intake(west).map((body) => JSON.parse(body))).toEqual([event]);
    expect(event).toMatchObject({
      type: 'period',
      from: '2026-11-20',
      to: '2026-11-20',
      time_zone: 'UTC',
      operator: key.id,
    });
  });

  test('as a dry run writes nothing, and needs no key', async () => {
    const { exitCode, out } = await cloud.run(`${first} --dry-run`);
    expect({ exitCode, last: out.at(-1) }).toEqual({ exitCode: 0, last: 'Nothing was written: a dry run.' });
    expect([...keysIn(east), ...cloud.intake(east)]).toEqual([]);
  });

  test('is refused for a closed day, a gap and a day that is not over', async () => {
    await run(first);
    for (const [command, problem] of [
      [first, '2026-11-20 is closed already: the last closed day is 2026-11-20'],
      [
        'periods close --from 2026-11-22 --to 2026-11-22',
        '--from: periods follow one another, so the next one begins on 2026-11-21',
      ],
      ['periods close --to 2026-11-23', '--to: 2026-11-23 is not over yet in UTC'],
    ]) {
      expect(await run(command ?? '')).toMatchObject({ exitCode: 2, error: [problem] });
    }
    expect(cloud.intake(east)).toHaveLength(1);
  });

  test('needs a yes', async () => {
    const asked = await run(first.replace('--yes ', ''));
    expect(asked).toMatchObject({
      exitCode: 2,
      questions: [expect.stringMatching(/^2026-11-20\.\.2026-11-20 is closed for ever/)],
    });
    expect(keysIn(east)).toEqual([]);
  });

  test('needs to be told where the first period begins', async () => {
    expect(await run('periods close --to 2026-11-20')).toMatchObject({
      exitCode: 2,
      error: [expect.stringMatching(/^--from: no period/)],
    });
  });

  test('is refused while the regions differ, and nothing is written', async () => {
    count([row({ hour }, { clicks: 11n })], hour, [west]);
    const { exitCode, error } = await run(first);
    expect({ exitCode, last: error.at(-1) }).toEqual({ exitCode: 1, last: 'Nothing was closed.' });
    expect(keysIn(east)).toEqual([]);
  });
});

describe('with a dead region', () => {
  test('it is refused unless the operator says that only the other one can be reached', async () => {
    cloud.kill(west);
    expect(await run(first)).toMatchObject({
      exitCode: 1,
      error: [expect.stringMatching(/^us-west-2 cannot be reached .*say --region us-east-1$/)],
    });
    const { exitCode, error } = await run(`${first} --region us-east-1`);
    expect(exitCode).toBe(1);
    expect(error.at(-1)).toMatch(/is closed. When the region answers again, keeptrack periods close --again/);
    expect(cloud.intake(east)).toHaveLength(1);
  });

  test('the dead region gets what it lacks when it is back', async () => {
    const { id } = cloud.kill(west);
    await run(`${first} --region us-east-1`);
    cloud.faults.remove(id);
    expect(await run('periods list')).toMatchObject({
      exitCode: 1,
      error: [expect.stringMatching(/^us-west-2: its list lacks periods/)],
    });
    expect(await run('periods close --to 2026-11-20 --again')).toMatchObject({ exitCode: 0 });
    expect(keysIn(west)).toEqual(keysIn(east));
    expect(cloud.intake(west)).toEqual([cloud.intake(east)[0]]);
    expect(await run('periods list')).toMatchObject({ exitCode: 0, error: [] });
  });

  test('a region that answers cannot be left out', async () => {
    expect(await run(`${first} --region us-east-1`)).toMatchObject({
      exitCode: 1,
      error: [expect.stringMatching(/^us-west-2 answers: leave out --region/)],
    });
  });
});

describe('what changes in a closed period', () => {
  const later = '2026-11-22T05';
  const reversal = { clicks: 10n, approved: 1n, reversed: 1n, payout_micros: 2_500_000n, revenue_micros: 4_000_000n };

  test('is a correction of the open period, and the closed one shows its statement', async () => {
    await run(first);
    count([row({ hour }, reversal)]);
    count([row({ hour: later }, { clicks: 1n, payout_micros: 1_000_000n })], later);
    const { rows, totals } = await json('report --from 2026-11-20 --to 2026-11-22 --by day,offer');
    expect(rows).toMatchObject([
      { day: '2026-11-20', offer_id: 15, corrects: '', payout: '5.00', approved: 2, epc: '0.50' },
      {
        day: '2026-11-21',
        offer_id: 15,
        corrects: '2026-11-20..2026-11-20',
        payout: '-2.50',
        approved: -1,
        reversed: 1,
        epc: null,
      },
      { day: '2026-11-22', offer_id: 15, corrects: '', payout: '1.00' },
    ]);
    expect(totals).toMatchObject([{ payout: '3.50', approved: 1 }]);
    const { rows: today } = await json('report --from 2026-11-20 --to 2026-11-22 --by day --current');
    expect(today).toMatchObject([{ payout: '2.50' }, { payout: '1.00' }]);
  });

  test('is in the next statement, and no longer a correction of the open period then', async () => {
    await run(first);
    count([row({ hour }, reversal)]);
    expect(await run('periods close --yes --to 2026-11-21')).toMatchObject({ exitCode: 0 });
    const { rows } = await json('periods show 2026-11-21');
    expect(rows).toMatchObject([{ offer_id: 15, corrects: '2026-11-20..2026-11-20', payout: '-2.50' }]);
    const { rows: reported } = await json('report --from 2026-11-21 --to 2026-11-22');
    expect(reported).toMatchObject([{ corrects: '2026-11-20..2026-11-20', payout: '-2.50' }]);
    count([row({ hour }, { clicks: 10n, payout_micros: 0n })]);
    expect((await json('report --from 2026-11-22 --to 2026-11-22')).rows).toMatchObject([
      { payout: '-2.50', approved: -1 },
    ]);
  });

  test('before the first period is a correction of the open one, and not in its own day', async () => {
    await run(first);
    count([row({ hour: '2026-11-18T00' }, { adjustments: 1n, adjusted_payout_micros: -3_000_000n })], '2026-11-18T00');
    const { rows, notes } = await json('report --from 2026-11-18 --to 2026-11-22 --by day');
    expect(rows).toMatchObject([
      { day: '2026-11-20', corrects: '', payout: '5.00' },
      { day: '2026-11-21', corrects: 'before 2026-11-20', adjusted_payout: '-3.00' },
    ]);
    expect(notes[0]).toMatch(/^the first period begins on 2026-11-20/);
    expect((await json('report --from 2026-11-18 --to 2026-11-19 --by day')).rows).toEqual([]);
  });

  test('is not in a report that does not begin with the open period, nor in one that statements cannot answer', async () => {
    await run(first);
    count([row({ hour }, reversal)]);
    expect((await json('report --from 2026-11-22 --to 2026-11-22')).rows).toEqual([]);
    const byHour = await json('report --from 2026-11-20 --to 2026-11-21 --by hour');
    expect(byHour.rows).toMatchObject([{ hour: hour, payout: '2.50' }]);
    expect(byHour.notes[0]).toMatch(/closed up to 2026-11-20: these figures are those of today .* not kept by hour/);
  });
});

test('a report of days whose figures have expired says so', async () => {
  const deployed = { ...files, 'keeptrack.config.json': JSON.stringify({ ...config, retentionDays: 40 }) };
  const { out } = await cloud.run('report --from 2026-10-10 --to 2026-10-10 --json', { files: deployed });
  expect(JSON.parse(out.join('\n'))).toMatchObject({
    notes: expect.arrayContaining([
      'the figures of 24 hours have expired, up to 2026-10-10T23Z: only statements know of them',
    ]),
  });
});

test('list and show name what was closed', async () => {
  expect((await run('periods list')).out).toEqual(['no period was closed yet']);
  await run(first);
  expect((await run('periods list')).out[1]).toMatch(
    /^2026-11-20\.\.2026-11-20 +2026-11-20 +2026-11-20 +UTC +2026-11-23 .* [0-9a-f]{16} +[0-9a-f]{32}$/,
  );
  expect((await run('periods show 2026-11-20')).out.join('\n')).toMatch(/15 +2 +10 +2 /);
  expect((await run('periods show 2026-11-20 --csv')).out[1]).toMatch(/^15,,2,,USD/);
  expect(await run('periods show 2026-10')).toMatchObject({
    exitCode: 2,
    error: ['2026-10: no such period was closed (keeptrack periods list)'],
  });
});
