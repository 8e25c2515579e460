import { beforeEach, expect, test } from 'vitest';
import { encodeOwedSegment } from '../../../core/log/owed.ts';
import { segmentsOf } from '../../../core/log/segment.ts';
import { type AccountSource, createAccounts } from '../../../local/console/accounts.ts';
import type { Fault } from '../../../local/fault/fault.ts';
import { sampleLine } from '../../sample-lines.ts';

const [east, west] = ['us-east-1', 'us-west-2'] as const;

/** What a cloud holds, put in by hand. */
let logs: Record<string, Map<string, Uint8Array>>;
let messages: Record<string, string[]>;
let printed: string[];
let faults: Fault[];

beforeEach(() => {
  logs = { [east]: new Map(), [west]: new Map() };
  messages = { [east]: [], [west]: [] };
  printed = [];
  faults = [];
});

const queue = { name: 'keeptrack-intake', visible: 1, inFlight: 0, delayed: 0, oldestAgeMs: 0 };
const cloud = {
  regions: [east, west],
  state: () => ({ faults, regions: [east, west].map((region) => ({ region, queues: [queue] })) }),
  logKeys: (region: string) => [...(logs[region]?.keys() ?? [])],
  logObject: (region: string, key: string) => logs[region]?.get(key),
  queueMessages: (region: string) => (messages[region] ?? []).map((body) => ({ body })),
  functionLogs: (region: string) => (region === east ? printed.map((line) => ({ line })) : []),
} as unknown as AccountSource;

/** Numbered from 1 on, by one environment of the first region. */
function line(seq: number): string {
  return sampleLine(seq, undefined, { captured_before: seq - 1 });
}

function segmentOf(...lines: string[]) {
  const [segment] = segmentsOf(lines);
  if (!segment) throw new Error('no segment');
  return segment;
}

function store(region: string, ...lines: string[]): void {
  const { key, gzip } = segmentOf(...lines);
  logs[region]?.set(key, gzip);
}

const none = { inBothLogs: 0, inFlight: 0, owed: 0, unconfirmed: 0, stranded: 0, unexplained: 0 };

test('each event that a region captured is in one place, or unexplained', () => {
  store(east, line(1), line(2));
  store(west, line(1), line(2));
  store(west, line(3));
  messages[east]?.push(encodeOwedSegment({ bucket: 'keeptrack-log-east', ...segmentOf(line(4)) }), 'no event');
  messages[west]?.push(line(5));
  printed.push(`{"message":"no rung","unconfirmed":${line(6)}}`, `{"refused":${line(7)}}`, '{"unconfirmed":3}');
  store(west, line(9));
  const { segmentsLeft, regions } = createAccounts(cloud)();
  expect(segmentsLeft).toBe(0);
  expect(regions).toEqual({
    [east]: { captured: 9, inBothLogs: 2, inFlight: 1, owed: 3, unconfirmed: 2, stranded: 0, unexplained: 1 },
    [west]: { captured: 0, ...none },
  });
});

test('what is missing while a region is dark is stranded there, also what its queues hold', () => {
  faults.push({ service: 'region', effect: 'hang', region: east });
  messages[east]?.push(line(1));
  store(west, line(2));
  expect(createAccounts(cloud)().regions[east]).toEqual({ ...none, captured: 2, owed: 1, stranded: 1 });
});

test('a long log is read bit by bit, and told apart from one that is read whole', () => {
  for (let seq = 1; seq <= 201; seq += 1) for (const region of [east, west]) store(region, line(seq));
  const accounts = createAccounts(cloud);
  expect(accounts().segmentsLeft).toBe(2);
  expect(accounts()).toMatchObject({ segmentsLeft: 0, regions: { [east]: { captured: 201, inBothLogs: 201 } } });
});

test('an object that is no segment is read as one of no lines', () => {
  logs[east]?.set('log/dt=2026-11-23/hr=05/broken.ndjson.gz', Buffer.from('broken'));
  expect(createAccounts(cloud)().regions[east]?.captured).toBe(0);
});
