import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LaterWords } from '../../../drill/load/later-words.ts';
import type { Link } from '../../../drill/load/links.ts';
import { OperatorDesk } from '../../../drill/load/operator-desk.ts';
import { salesSoFar } from '../../../drill/load/sales-so-far.ts';
import type { Send } from '../../../drill/load/sender.ts';
import { SimulatedTime } from '../../../simulation/simulated-time.ts';
import { drilled, exampleCatalog } from '../oracle/drilled.ts';

const { records } = drilled({
  ...{ seed: 3, rounds: 400, startMs: Date.UTC(2026, 10, 23, 5), intervalMs: 100 },
  regions: ['us-east-1'],
});
/** Long after the last sale. */
const endMs = Date.UTC(2026, 10, 23, 6);
const sales = salesSoFar(records, exampleCatalog);

interface Said {
  readonly commands: string[];
  /** The files of the commands. */
  readonly files: string[];
  readonly reports: { readonly link: Link; readonly send: Send }[];
}

async function speaking(exitCode: number, run: (later: LaterWords, said: Said) => Promise<void>): Promise<void> {
  const said: Said = { commands: [], files: [], reports: [] };
  const desk = new OperatorDesk(async (args) => {
    said.commands.push(args.filter((word) => !word.startsWith('/')).join(' '));
    const file = args[args.indexOf('--file') + 1];
    if (args.includes('--file')) said.files.push(readFileSync(file ?? '', 'utf8'));
    return { exitCode: args[0] === 'operators' ? 0 : exitCode, output: [], errors: exitCode === 0 ? [] : ['no'] };
  }, 'http://console');
  const send: Send = async () => ({ status: 200, error: '', headers: {}, body: '' });
  const workload = {
    ...{ records, underWay: () => 0, ended: Promise.resolve(), answered: Promise.resolve() },
    report: async (link: Link, through: Send) => void said.reports.push({ link, send: through }),
  };
  const links = { catalog: exampleCatalog, day: '2026-11-23' };
  await desk.open();
  try {
    const senders = [send, async () => send('')];
    await run(new LaterWords({ workload, links, desk, senders, clock: new SimulatedTime(endMs), seed: 1 }), said);
  } finally {
    desk.close();
  }
}

describe('an operator of a drill', () => {
  test('has a key first, and decides on sales of the load by a file that can be sent twice', async () => {
    await speaking(0, async (later, { commands, files }) => {
      const { errors, words } = await later.decide('approve', 5, 2);
      expect(errors).toEqual([]);
      expect(words).toHaveLength(5);
      const approve = 'conversions approve --file --yes --key-file --local http://console';
      expect(commands).toEqual(['operators add drill --key-file --local http://console', approve, approve]);
      expect(files[0]).toBe(files[1]);
      const [head, ...rows] = files[0]?.trim().split('\n') ?? [];
      expect(head).toBe('conversion,amount');
      const waiting = sales.filter(({ standing }) => standing.status !== 'approved').map(({ id }) => id);
      for (const row of rows) expect(waiting).toContain(row.split(',')[0]);
      expect(later.said).toEqual(words);
    });
  });

  test('decides on each sale only once', async () => {
    await speaking(0, async (later) => {
      const first = await later.decide('reject', 30, 1);
      const second = await later.decide('reject', 30, 1);
      expect(new Set([...first.words, ...second.words].map((word) => JSON.stringify(word))).size).toBe(60);
    });
  });

  test('adds adjustments of today and of yesterday, with references of their own', async () => {
    await speaking(0, async (later, { commands, files }) => {
      await later.adjust(6, 1);
      await later.adjust(2, 1);
      expect(commands[1]).toBe('adjustments add --file --yes --key-file --local http://console');
      const rows = files.flatMap((file) => file.trim().split('\n').slice(1));
      expect(new Set(rows.map((row) => row.split(',')[0])).size).toBe(8);
      expect(new Set(rows.map((row) => row.split(',')[1]))).toEqual(new Set(['2026-11-22', '2026-11-23']));
    });
  });

  test('has said nothing when the command failed or the load has too few sales', async () => {
    await speaking(1, async (later) => {
      const { errors } = await later.decide('approve', 2, 2);
      expect(errors).toEqual(['"keeptrack conversions approve" ended with 1', 'no']);
      const tooMany = await later.decide('approve', 10_000, 1);
      expect(tooMany.errors).toEqual([expect.stringMatching(/^the load has reported only \d+ of 10000 sales/)]);
      expect(later.said).toEqual([]);
    });
  });
});

test('advertisers report sales anew, once through each sender, and most of them prove who they are', async () => {
  await speaking(0, async (later, { reports }) => {
    expect(await later.report('rejected', 8)).toEqual({ errors: [], words: [] });
    const [one, other] = [...new Set(reports.map(({ send }) => send))].map((send) =>
      reports.filter((report) => report.send === send).map(({ link }) => link),
    );
    expect(one).toEqual(other);
    expect(one?.length).toBe(8);
    expect(one?.filter(({ parameters }) => parameters['security_token']).length).toBe(6);
    const statuses = one?.map(({ parameters }) => parameters['status']?.trim().toLowerCase());
    for (const status of statuses ?? []) expect(['rejected', 'declined', '3', 'storno']).toContain(status);
  });
});
