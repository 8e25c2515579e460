// @vitest-environment jsdom
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CloudState } from '../../../../local/handle.ts';
import { sampleCheck, sampleRegion, sampleState } from './sample-state.ts';

/** The page with the local cloud's answers put in by hand: what it shows, and what its buttons ask for. */

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

let answer: () => Response;
let asked: Asked[];

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  asked = [];
  document.documentElement.innerHTML = readFileSync('local/console/page/index.html', 'utf8');
  vi.stubGlobal('fetch', async (path: string, request: RequestInit = {}) => {
    const method = request.method ?? 'GET';
    if (method !== 'GET') {
      asked.push({ method, path, body: request.body ? JSON.parse(String(request.body)) : undefined });
    }
    return answer();
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
    expect(text('[data-region="us-east-1"] .stage-log')).toContain('42 segments');
    expect(text('[data-region="us-east-1"] .stage-log')).toContain('last 3 s ago');
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
    expect(text('[data-region="us-east-1"] .tables section[hidden]')).toContain('Health checks of Route 53');
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
