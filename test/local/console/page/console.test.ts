// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventAccount } from '../../../../core/log/accounting.ts';
import type { Accounts } from '../../../../local/console/accounts.ts';
import type { CloudState, CountedHour } from '../../../../local/handle.ts';
import { sampleCheck, sampleRegion, sampleState } from './sample-state.ts';

/** The page with the local cloud's answers put in by hand: what it shows, and what its buttons ask for. */

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

let answer: () => Response;
let accounts: Accounts;
let asked: Asked[];

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  asked = [];
  accounts = { segmentsLeft: 0, regions: {} };
  document.documentElement.innerHTML = readFileSync('local/console/page/index.html', 'utf8');
  vi.stubGlobal('fetch', async (path: string, request: RequestInit = {}) => {
    const method = request.method ?? 'GET';
    if (method !== 'GET') {
      asked.push({ method, path, body: request.body ? JSON.parse(String(request.body)) : undefined });
    }
    return path === '/api/accounts' ? Response.json(accounts) : answer();
  });
});

async function open(state: CloudState) {
  answer = () => Response.json(state);
  await import('../../../../local/console/page/console.js');
  await vi.advanceTimersByTimeAsync(0);
}

function text(selector: string) {
  return document.querySelector(selector)?.textContent ?? '';
}

function button(region: string, label: string): HTMLButtonElement {
  const all = [...document.querySelectorAll<HTMLButtonElement>(`[data-region="${region}"] button`)];
  const found = all.find((one) => one.textContent === label);
  if (!found) throw new Error(`no button "${label}"; there are ${all.map((one) => one.textContent).join(', ')}`);
  return found;
}

/** The rows of one table, cells joined; none when it is not shown. */
function rows(panel: string, title: string): readonly string[] {
  const sections = [...document.querySelectorAll<HTMLElement>(`${panel} .tables section`)];
  const shown = sections.find((section) => section.querySelector('h3')?.textContent === title && !section.hidden);
  const found = [...(shown?.querySelectorAll('tr') ?? [])];
  return found.map((row) => [...row.children].map((cell) => cell.textContent).join('|'));
}

function counted(hour: string, changes: Partial<CountedHour> = {}): CountedHour {
  const made = { cause: 'closed', segments: 9, events: 20, atMs: 998_000, foldedToMs: 997_000 };
  return { hour, revision: 0, ...made, isOver: true, ...changes };
}

describe('what the page shows', () => {
  test('both regions side by side, with what was captured, waits, was stored', async () => {
    await open(sampleState());
    expect([...document.querySelectorAll('[data-region]')].map((panel) => panel.getAttribute('data-region'))).toEqual([
      'us-east-1',
      'us-west-2',
    ]);
    expect(text('[data-region="us-east-1"] .stage-captured strong')).toBe('1,234');
    expect(text('[data-region="us-east-1"] .stage-intake strong')).toBe('7');
    expect(text('[data-region="us-east-1"] .stage-stored strong')).toBe('1,230');
    expect(text('[data-region="us-east-1"] .stage-log strong')).toBe('42');
    expect(text('[data-region="us-east-1"] .stage-log span')).toBe('segments, 1 MB, last 3 s ago');
    expect(text('#name-answers')).toBe('us-east-1');
    expect(text('#calls')).toContain('sqs:SendMessage3,456');
  });

  test('an unhealthy region says so', async () => {
    await open(sampleState({ regions: [sampleRegion('us-east-1', { healthy: false }), sampleRegion('us-west-2')] }));
    expect(text('[data-region="us-east-1"] h2')).toContain('unhealthy');
    expect(text('[data-region="us-west-2"] h2')).not.toContain('unhealthy');
  });

  test('how old the newest probes are, as each region saw it, and nothing of a log that it never read', async () => {
    const metrics = {
      'ProbeAgeMinutes{of=home}': 9,
      'ProbeAgeMinutes{of=home,log=home}': 1,
      'ProbeAgeMinutes{of=peer,log=home}': 9,
    };
    await open(sampleState({ regions: [sampleRegion('us-east-1'), sampleRegion('us-west-2', { metrics })] }));
    expect(text('[data-region="us-west-2"]')).toContain(
      "us-west-2's in us-west-21 min oldus-east-1's in us-west-29 min old",
    );
    expect(text('[data-region="us-west-2"]')).not.toContain('in us-east-1');
    expect(text('[data-region="us-east-1"]')).not.toContain('min old');
  });

  test('what Route 53 answers, and who still holds an older answer', async () => {
    await open(sampleState());
    expect(text('.name')).toContain(
      'as go.example.com; of 50 clients 31 hold us-east-1, 4 hold us-west-2, 15 ask anew',
    );
    expect(text('[data-region="us-west-2"]')).toContain(
      'us-west-2.go.example.com/health16 of 16 checkers find ithealthy',
    );
  });

  test('a check that is inverted, and one that has not seen enough yet', async () => {
    const { name } = sampleState();
    const isNew = { settled: false, healthy: false, inverted: true, passing: 6, checkers: 6 };
    const healthChecks = [sampleCheck('us-east-1', isNew)];
    const regions = [sampleRegion('us-east-1', { healthy: false }), sampleRegion('us-west-2')];
    await open(sampleState({ regions, name: { ...name, healthChecks } }));
    expect(text('[data-region="us-east-1"] h2')).toContain('health checks are new');
    expect(text('[data-region="us-east-1"]')).toContain(
      'not us-east-1.go.example.com/health6 of 6 checkers find it (new)',
    );
  });

  test('shares of a name that several regions answer, and a name that leads nowhere', async () => {
    const { name } = sampleState();
    const answers = [
      { region: 'us-east-1', share: 0.75 },
      { region: 'us-west-2', share: 0.25 },
    ];
    await open(sampleState({ name: { ...name, answers } }));
    expect(text('#name-answers')).toBe('us-east-1 (75 %) and us-west-2 (25 %)');
    answer = () => Response.json(sampleState({ name: { ...name, answers: [] } }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(text('#name-answers')).toBe('nowhere');
  });

  test('that there is no domain', async () => {
    const { trackingName: _, ...name } = sampleState().name;
    await open(sampleState({ name: { ...name, healthChecks: [] } }));
    expect(text('.name')).toContain('no domain');
    expect(text('[data-region="us-east-1"] .tables section:not([hidden])')).not.toContain('Health checks');
  });

  describe('of the figures', () => {
    const east = '[data-region="us-east-1"]';

    test('up to when they are counted, and which hours are final', async () => {
      const figures = [
        counted('2026-11-23T06', { isOver: false, events: 12 }),
        counted('2026-11-23T05', { revision: 2, events: 1_950 }),
        counted('2026-11-23T04', { revision: 1 }),
      ];
      const region = sampleRegion('us-east-1', { figures, metrics: { EventsCounted: 4_321 } });
      await open(sampleState({ regions: [region, sampleRegion('us-west-2')] }));
      expect(text(`${east} .stage-counted strong`)).toBe('4,321');
      expect(text(`${east} .stage-counted span`)).toBe('up to 3 s ago');
      expect(rows(east, 'Figures')).toEqual([
        'counted up to|3 s ago|',
        'hours|1 provisional, 2 final|',
        '2026-11-23 06:00 UTC|provisional|12 events',
        '2026-11-23 05:00 UTC|final, revision 2|1,950 events',
        '2026-11-23 04:00 UTC|final, revision 1|20 events',
      ]);
    });

    test('that an hour is provisional until it is over, whatever somebody had made of it', async () => {
      const figures = [counted('2026-11-23T06', { revision: 2, isOver: false })];
      const region = sampleRegion('us-east-1', { figures });
      await open(sampleState({ regions: [region, sampleRegion('us-west-2')] }));
      expect(rows(east, 'Figures')).toContain('hours|1 provisional, 0 final|');
      expect(rows(east, 'Figures')).toContain('2026-11-23 06:00 UTC|provisional, revision 2|20 events');
    });

    test('nothing, in a region that has none', async () => {
      await open(sampleState());
      expect(rows(east, 'Figures')).toEqual([]);
    });
  });

  describe('of the account', () => {
    const account: EventAccount = {
      ...{ captured: 1_000, inBothLogs: 900, inFlight: 70, owed: 20, unconfirmed: 5, stranded: 3, unexplained: 2 },
    };
    const east = '[data-region="us-east-1"]';

    test('where each captured event is, and a gap only when it lasts', async () => {
      accounts = { segmentsLeft: 0, regions: { 'us-east-1': account } };
      await open(sampleState());
      await vi.advanceTimersByTimeAsync(3_000);
      expect(rows(east, 'Where each captured event is')).toEqual([
        'captured|1,000',
        '= in both logs|900',
        '+ in flight|70',
        '+ owed to a log|20',
        '+ unconfirmed|5',
        '+ stranded|3',
        '+ unexplained|2',
      ]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(text(`${east} .danger`)).toContain('2 captured events are nowhere');

      accounts = { segmentsLeft: 0, regions: { 'us-east-1': { ...account, unexplained: 0 } } };
      await vi.advanceTimersByTimeAsync(4_000);
      expect(text(`${east} .danger`)).not.toContain('nowhere');
    });

    test('how much of the log has still to be read, before it says anything', async () => {
      accounts = { segmentsLeft: 1_234, regions: { 'us-east-1': account } };
      await open(sampleState());
      await vi.advanceTimersByTimeAsync(7_000);
      expect(rows(east, 'Where each captured event is')).toEqual(['segments still to be read|1,234']);
      expect(text(`${east} .danger`)).toBe('');
    });
  });

  test('unconfirmed clicks and calls that were not granted stand out', async () => {
    const denied = ['keeptrack-store s3:PutObject arn:aws:s3:::other/log/x'];
    const ill = sampleRegion('us-east-1', { metrics: { Unconfirmed: 3 }, denied });
    await open(sampleState({ regions: [ill, sampleRegion('us-west-2')] }));
    expect(text('[data-region="us-east-1"] .danger')).toContain('3 clicks unconfirmed');
    expect(text('[data-region="us-east-1"] .danger')).toContain('not granted: keeptrack-store s3:PutObject');
    expect(text('[data-region="us-west-2"] .danger')).toBe('');
  });

  test('rates come from the difference between two looks', async () => {
    await open(sampleState());
    const later = sampleRegion('us-east-1', { metrics: { 'Captured{rung=intake-home}': 1_314, EventsStored: 1_230 } });
    answer = () => Response.json(sampleState({ nowMs: 1_002_000, regions: [later, sampleRegion('us-west-2')] }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(text('[data-region="us-east-1"] .stage-captured')).toContain('40 a second');
    expect(text('[data-region="us-east-1"] .stage-stored')).toContain('0 a second');
  });

  test('markup in a name stays text', async () => {
    const hostile = sampleRegion('us-east-1', { denied: ['<img src=x onerror=alert(1)>'] });
    await open(sampleState({ regions: [hostile, sampleRegion('us-west-2')] }));
    expect(document.querySelector('.danger img')).toBeNull();
  });

  test('a cloud that went away is said, and its return is seen', async () => {
    await open(sampleState());
    const connection = document.getElementById('connection');
    answer = () => {
      throw new TypeError('fetch failed');
    };
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connection?.hidden).toBe(false);
    answer = () => Response.json(sampleState());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(connection?.hidden).toBe(true);
  });
});

describe('what the buttons do', () => {
  test('a press breaks S3 in that region only', async () => {
    await open(sampleState());
    button('us-west-2', 'S3 down').click();
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/api/faults',
        body: { region: 'us-west-2', service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' },
      },
    ]);
  });

  test('a fault in force shows as pressed, and another press heals it', async () => {
    const fault = { id: 'f1', region: 'us-east-1', service: 's3', effect: 'error', status: 503, strikes: 0 } as const;
    await open(sampleState({ faults: [fault] }));
    expect(button('us-east-1', 'S3 down').getAttribute('aria-pressed')).toBe('true');
    expect(button('us-west-2', 'S3 down').getAttribute('aria-pressed')).toBe('false');
    button('us-east-1', 'S3 down').click();
    expect(asked).toEqual([{ method: 'DELETE', path: '/api/faults/f1', body: undefined }]);
  });

  test('heal everything removes every fault', async () => {
    const fault = { region: 'us-east-1', service: 'sqs', effect: 'hang', strikes: 0 } as const;
    await open(
      sampleState({
        faults: [
          { ...fault, id: 'f1' },
          { ...fault, id: 'f2' },
        ],
      }),
    );
    document.getElementById('heal-all')?.click();
    expect(asked.map(({ path }) => path)).toEqual(['/api/faults/f1', '/api/faults/f2']);
  });

  test('a refused fault is explained on the page', async () => {
    await open(sampleState());
    answer = () => Response.json({ problems: ['rate: must be at most 1', 'status: is missing'] }, { status: 400 });
    button('us-east-1', 'SQS down').click();
    await vi.advanceTimersByTimeAsync(0);
    expect(text('#problem')).toBe('rate: must be at most 1; status: is missing');
    expect(document.getElementById('problem')?.hidden).toBe(false);
  });
});
