import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { hourName } from '../../core/log/log-key.ts';
import { askLedgers } from '../../drill/evidence/ask-ledger.ts';
import { systemClock } from '../../lambda/aws/system-clock.ts';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { type Finished, runKeeptrack } from '../operator/command-under-test.ts';
import { click, eventually, inBothLogs, type Reply, send, taken, transactionIdIn } from './cloud-under-test.ts';
import { fold } from './figures-in-force.ts';

/** What an operator asks about single transactions and of the whole log, against a local cloud; also with a region dead. */

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const [east, west] = ['us-east-1', 'us-west-2'] as const;
const files = { 'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8') };
const folder = mkdtempSync(join(tmpdir(), 'keeptrack-questions-'));

let cloud: LocalCloud;
/** A click, the conversion of it that counts, a duplicate of that, and one that is rejected. */
let events: readonly [Reply, Reply, Reply, Reply];
let transactionId: string;

beforeAll(async () => {
  cloud = await startLocalCloud({ assembly: inject('assembly'), speed: 1, seed: 7 });
  const clicked = await taken(() => click(cloud.urls.region[east] ?? ''));
  transactionId = transactionIdIn(clicked.location);
  const convert = (more: string) =>
    taken(() => send(`${cloud.urls.region[west]}/aff_lsr?transaction_id=${transactionId}${more}`));
  events = [clicked, await convert('&amount=10'), await convert('&adv_sub=again'), await convert('&status=rejected')];
  await eventually('all of it is in both logs', () => inBothLogs(cloud, ids()));
});
afterEach(() => {
  for (const { id } of cloud.state().faults) cloud.removeFault(id);
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function ids(): readonly string[] {
  return events.map(({ eventId }) => eventId);
}

function run(...args: readonly string[]): Promise<Finished> {
  return runKeeptrack([...args, '--local', cloud.urls.console], { files });
}

interface Told {
  readonly event: { readonly id: string };
  readonly outcome: string;
  readonly way: { readonly rungs: readonly string[] };
  readonly segments: readonly { readonly copies: readonly { readonly kind: string }[] }[];
  readonly counting: readonly {
    readonly place: { readonly kind: string; readonly as?: string };
    readonly hour: { readonly revision: number };
  }[];
}

/** In event time. On a slow machine there are more than four: what was taken after its time-out was sent again. */
async function told(): Promise<readonly Told[]> {
  const { out } = await run('explain', transactionId, '--json');
  return JSON.parse(out.join('\n')).events;
}

describe('explain', () => {
  test('tells which way each event came: by a rung that the answer named, and any that answered too late', async () => {
    // Two regions whose batches hold the same events write one segment, which names the region that wrote it first.
    const all = await told();
    for (const { eventId, captured } of events) {
      const rungs = all.find(({ event }) => event.id === eventId)?.way.rungs ?? [];
      expect(captured.split('+').some((rung) => rungs.includes(rung))).toBe(true);
    }
    const known = events.map(({ eventId }) => all.find(({ event }) => event.id === eventId));
    expect(known.map((one) => one?.outcome)).toEqual(['credited', 'approved', 'approved', 'rejected']);
  });

  test('tells what counts provisionally, and what finally once the hours are final', async () => {
    await fold(cloud);
    expect((await countedAs()).every(({ revision }) => revision === 0)).toBe(true);
    const hours = [...new Set(ids().map((id) => hourName(uuidTimeMs(id))))];
    expect(await askLedgers(cloud, hours, systemClock)).toEqual([]);
    expect((await countedAs()).every(({ revision }) => revision > 0)).toBe(true);
  });

  /** The revision of each counting, after a check that each event has the right counter in both regions. */
  async function countedAs(): Promise<readonly { readonly revision: number }[]> {
    const all = await told();
    const [first] = all.filter(({ outcome }) => outcome === 'approved');
    for (const one of all) {
      const counters = {
        credited: 'clicks',
        rejected: 'rejected',
        // Its status depends on all reports of the conversion, which stand below.
        approved: one === first ? 'first report' : 'duplicates',
      };
      const counter = counters[one.outcome as keyof typeof counters];
      expect(one.counting.map(({ place }) => [place.kind, place.as])).toEqual([
        ['counted', counter],
        ['counted', counter],
      ]);
    }
    return all.flatMap(({ counting }) => counting.map(({ hour }) => hour));
  }

  test('with a region dead tells what the other one knows', async () => {
    cloud.addFault({ region: east, service: 'region', effect: 'reset' });
    const { exitCode, out, error } = await run('explain', transactionId);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    const text = out.join('\n');
    expect(text).toContain('by a key of this deployment');
    expect(text).toMatch(/NOT ASKED: the log of us-east-1 \(ECONNRESET\)/);
    expect(text).toMatch(/figures {3}us-east-1: not known/);
    expect(text).toMatch(/figures {3}us-west-2: counted as clicks \(final, revision \d+, /);
  });

  test('says of a click that no rung took where it stands', async () => {
    for (const service of ['sqs', 's3'] as const)
      cloud.addFault({ service, effect: 'error', status: 503, callers: ['track'] });
    const reply = await click(cloud.urls.region[east] ?? '');
    for (const { id } of cloud.state().faults) cloud.removeFault(id);
    expect(reply.captured).toBe('unconfirmed');
    const { exitCode, error } = await run('explain', transactionIdIn(reply.location));
    expect(exitCode).toBe(1);
    expect(error).toEqual([
      expect.stringMatching(/^no rung took the click: its event is in the function log of us-east-1/),
    ]);
  });

  test.each([
    ['10298d13d02eaed6a0840f08aa2068', 'is no transaction id'],
    [`AX____${'A'.repeat(30)}`, 'in the future'],
  ])('%s is refused: it %s', async (id, problem) => {
    const { exitCode, out, error } = await run('explain', id);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: [] });
    expect(error).toEqual([expect.stringContaining(problem)]);
  });
});

describe('query', () => {
  const sql = "SELECT type, count(*) AS n FROM events WHERE txn = 'TXN' GROUP BY ALL ORDER BY 1";

  function query(...more: readonly string[]): Promise<Finished> {
    return run('query', sql.replace('TXN', transactionId), '--from', '2h', '--folder', folder, ...more);
  }

  test('asks the log of the last hours, each event once', async () => {
    const { exitCode, out, error } = await query();
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: [] });
    expect(out[0]).toMatch(/^type +n$/);
    const { out: json } = await query('--json');
    const rows = JSON.parse(json.join('\n')) as readonly { type: string; n: number }[];
    expect(rows.find(({ type }) => type === 'click')).toEqual({ type: 'click', n: 1 });
    expect((await query('--csv')).out).toContain('click,1');
  });

  test('brings nothing twice, and what the region that lives has, and says what that may lack', async () => {
    await query();
    cloud.addFault({ region: east, service: 'region', effect: 'reset' });
    const { exitCode, out, error, progress } = await query('--csv');
    expect(exitCode).toBe(1);
    expect(error).toEqual([
      expect.stringMatching(/^the log of us-east-1 was not asked \(.+\): events that only it has are missing$/),
    ]);
    expect(out).toContain('click,1');
    expect(progress.at(-1)).toMatch(/, [1-9]\d* of them from before$/);
  });

  test('fetches nothing for a question with a mistake', async () => {
    const { exitCode, out, error, progress } = await run('query', 'SELECT nothing FROM events', '--from', '1h');
    expect({ exitCode, out, progress }).toEqual({ exitCode: 2, out: [], progress: [] });
    expect(error[0]).toContain('nothing');
  });
});
