import { describe, expect, test } from 'vitest';
import { type ErasureCriterion, matchesCriterion, tombstone } from '../../../../core/event/erasure.ts';
import { parseLine } from '../../../../core/event/event.ts';
import { createRedact } from '../../../../core/event/redaction.ts';
import { hourMs, hourStart } from '../../../../core/log/log-key.ts';
import { type Segment, segmentsOf } from '../../../../core/log/segment.ts';
import type { BucketModel } from '../../../../local/model/bucket.ts';
import type { VersionedLog } from '../../../../operator/clients/versioned-log.ts';
import { eraseFrom } from '../../../../operator/commands/erase/erase-segment.ts';
import { scanLogs } from '../../../../operator/commands/erase/scan-logs.ts';
import { auditOnce, replayOnce } from '../../../../simulation/functions.ts';
import { regionNames, type SimulatedWorld } from '../../../../simulation/world.ts';
import { home, owe, peer, worldWith } from '../../../lambda/world-view.ts';
import { idOf, sampleLine, sampleMs } from '../../../sample-lines.ts';
import { Killed, linesEver, linesIn, modelLog, Operator } from '../../model-log.ts';

const hers: ErasureCriterion = { kind: 'sub-ids', values: new Map([['aff_sub', 'her']]) };
const his: ErasureCriterion = { kind: 'sub-ids', values: new Map([['aff_sub', 'him']]) };
const range = { fromMs: hourStart(sampleMs), toMs: hourStart(sampleMs) };

/** Nine events in three segments. Three events are hers, and one is his. One segment has only her events. */
const lines = Array.from({ length: 9 }, (_, seq) => sampleLine(seq, sampleMs, { aff_sub: ownerOf(seq) }));
const segments = [lines.slice(0, 4), lines.slice(4, 8), lines.slice(8)].flatMap((part) => segmentsOf(part));
const isHers = (line: string) => line.includes('"aff_sub":"her"');
const others = lines.filter((line) => !isHers(line)).sort();

function ownerOf(seq: number): string {
  if (seq === 2) return 'him';
  return [1, 5, 8].includes(seq) ? 'her' : `somebody ${seq}`;
}

function world(): SimulatedWorld {
  const made = worldWith();
  for (const bucket of bucketsOf(made)) for (const { key, gzip } of segments) bucket.put(key, gzip);
  return made;
}

function idsOf(segment: Segment | undefined): readonly string[] {
  return segment?.eventIds ?? [];
}

function bucketsOf({ regions }: SimulatedWorld): readonly BucketModel[] {
  return regionNames.map((name) => regions[name].bucket);
}

function logsOf(made: SimulatedWorld, operator = new Operator()): readonly VersionedLog[] {
  return bucketsOf(made).map((bucket) => modelLog(bucket, operator));
}

/** The work of the command, without its questions. */
async function eraseAll(logs: readonly VersionedLog[], criterion: ErasureCriterion): Promise<number> {
  const { keys, events } = await scanLogs(logs, range, criterion, () => {});
  runs += 1;
  const redact = createRedact(Buffer.alloc(32, runs));
  for (const key of keys) await eraseFrom(logs, key, criterion, redact);
  return events.size;
}

/** Each run of the command has its own secret. */
let runs = 0;

/** Each log has exactly one version of every event. Only the persons' events changed: they are redacted. */
function expectErased(made: SimulatedWorld, persons: readonly string[] = ['her']): void {
  const isTheirs = (line: string) => persons.some((person) => line.includes(person));
  const kept = lines.filter((line) => !isTheirs(line)).sort();
  const [one, other] = bucketsOf(made).map((bucket) => {
    expect(linesEver(bucket)).toEqual(linesIn(bucket));
    return linesIn(bucket);
  });
  expect(one).toEqual(other);
  expect(one?.filter((line) => !line.includes('"redacted":true')).sort()).toEqual(kept);
  expect(one?.map(idOf).sort()).toEqual(lines.map(idOf).sort());
  expect(one?.filter(isTheirs)).toEqual([]);
}

describe('an erasure', () => {
  test('keeps every event in both logs, and removes the person from every version', async () => {
    const made = world();
    expect(await eraseAll(logsOf(made), hers)).toBe(3);
    expectErased(made);
  });

  test('keeps each segment under its key in one version, and changes no other segment', async () => {
    const made = world();
    const untouched = segmentsOf([sampleLine(77)])[0];
    for (const bucket of bucketsOf(made)) bucket.put(untouched?.key ?? '', untouched?.gzip ?? new Uint8Array());
    await eraseAll(logsOf(made), hers);
    for (const bucket of bucketsOf(made)) {
      for (const { key } of segments) expect(bucket.listVersions({ prefix: key }).versions).toHaveLength(1);
      expect(bucket.listVersions({ prefix: untouched?.key ?? '' }).versions).toHaveLength(1);
    }
  });

  test('a second time finds nothing and changes nothing', async () => {
    const made = world();
    await eraseAll(logsOf(made), hers);
    const operator = new Operator();
    const scan = await scanLogs(logsOf(made, operator), range, hers, () => {});
    expect([scan.keys, scan.events.size, scan.halfErased]).toEqual([[], 0, 0]);
  });

  test('killed at any step and run again ends the same, and no other event is ever missing', async () => {
    const whole = new Operator();
    await eraseAll(logsOf(world(), whole), hers);
    expect(whole.steps).toBeGreaterThan(30);
    for (let step = 1; step <= whole.steps; step += 1) {
      const made = world();
      await expect(eraseAll(logsOf(made, new Operator(step)), hers)).rejects.toThrow(Killed);
      for (const bucket of bucketsOf(made)) {
        expect(linesIn(bucket)).toEqual(expect.arrayContaining(others));
        expect(linesIn(bucket).map(idOf)).toHaveLength(lines.length);
      }
      await eraseAll(logsOf(made), hers);
      expectErased(made);
    }
  });

  test('killed at any step loses and revives nothing when another erasure runs before it is repeated', async () => {
    const whole = new Operator();
    await eraseAll(logsOf(world(), whole), hers);
    for (let step = 1; step <= whole.steps; step += 1) {
      const made = world();
      await expect(eraseAll(logsOf(made, new Operator(step)), hers)).rejects.toThrow(Killed);
      await eraseAll(logsOf(made), his);
      await eraseAll(logsOf(made), hers);
      expectErased(made, ['her', 'him']);
    }
  });

  test('finds events that only old versions have', async () => {
    const made = world();
    const [first] = segments;
    for (const bucket of bucketsOf(made)) bucket.delete(first?.key ?? '');
    await eraseAll(logsOf(made), hers);
    for (const bucket of bucketsOf(made)) expect(linesEver(bucket).filter(isHers)).toEqual([]);
  });

  test('finds events of a segment that one log lacks, and keeps the rest in both', async () => {
    const made = world();
    const { bucket } = made.regions[peer];
    for (const { versionId, key } of bucket.listVersions({ prefix: segments[0]?.key ?? '' }).versions) {
      bucket.delete(key, versionId);
    }
    await eraseAll(logsOf(made), hers);
    expectErased(made);
  });

  test('looks only at the hours that were asked for', async () => {
    const made = world();
    const later = { fromMs: range.fromMs + hourMs, toMs: range.toMs + hourMs };
    expect((await scanLogs(logsOf(made), later, hers, () => {})).segmentsRead).toBe(0);
  });

  test('does not change a segment that it cannot read', async () => {
    const made = world();
    const [first] = segments;
    for (const bucket of bucketsOf(made)) bucket.put(first?.key ?? '', Buffer.from('no gzip'));
    const scan = await scanLogs(logsOf(made), range, hers, () => {});
    expect(scan.unreadable).toEqual([first?.key]);
    expect(scan.keys).not.toContain(first?.key);
    const redact = createRedact(Buffer.alloc(32));
    await expect(eraseFrom(logsOf(made), first?.key ?? '', hers, redact)).rejects.toThrow(
      'no segment that can be read',
    );
  });

  test('finishes an erasure of an earlier release whose tombstone is in one log only', async () => {
    const made = world();
    const [first] = segments;
    made.regions[home].bucket.put(first?.key ?? '', tombstone);
    await eraseAll(logsOf(made), hers);
    for (const bucket of bucketsOf(made)) {
      expect(bucket.listVersions({ prefix: first?.key ?? '' }).versions).toHaveLength(1);
      expect(linesEver(bucket).filter((line) => idsOf(first).includes(idOf(line)))).toEqual([]);
    }
  });

  test('finds events that only a later release understands, and does not change their segment', async () => {
    const decision = sampleLine(20, sampleMs, { type: 'verdict', of: 't-1', aff_sub: 'her', amount: '9.50' });
    const click = sampleLine(21, sampleMs, { txn: 't-1', aff_sub: 'her' });
    const [segment] = segmentsOf([decision, click]);
    const made = worldWith();
    for (const bucket of bucketsOf(made)) bucket.put(segment?.key ?? '', segment?.gzip ?? new Uint8Array());
    const scan = await scanLogs(logsOf(made), range, { kind: 'transaction', transactionId: 't-1' }, () => {});
    expect([...scan.notUnderstood]).toEqual([[idOf(decision), 'verdict']]);
    await eraseAll(logsOf(made), hers);
    for (const bucket of bucketsOf(made)) {
      expect(linesIn(bucket)).toContain(decision);
      expect(linesIn(bucket)).not.toContain(click);
    }
    expect((await scanLogs(logsOf(made), range, hers, () => {})).keys).toEqual([]);
  });
});

describe('nothing brings erased events back', () => {
  const run = async (made: SimulatedWorld, task: 'deliver' | 'repair') => {
    for (const region of regionNames) {
      const done: Promise<unknown> = task === 'repair' ? auditOnce(made, region, task) : replayOnce(made, region, task);
      await made.time.until(done);
    }
  };

  test('a late delivery of the old segment finds the redacted one and changes nothing', async () => {
    const made = world();
    await eraseAll(logsOf(made), hers);
    for (const region of regionNames) owe(made, home, region, segments);
    await run(made, 'deliver');
    expectErased(made);
    expect(Object.values(made.regions[home].failureQueues).flatMap((queue) => queue.messages())).toEqual([]);
    expect(made.regions[home].deadLetters.messages()).toEqual([]);
  });

  test('repair copies the redacted segment to the log that lacks it', async () => {
    const made = world();
    await eraseAll(logsOf(made), hers);
    const { bucket } = made.regions[peer];
    for (const { key, versionId } of bucket.listVersions().versions) bucket.delete(key, versionId);
    await run(made, 'repair');
    expectErased(made);
    owe(made, home, peer, segments);
    await run(made, 'deliver');
    expectErased(made);
  });

  test('repair after an erasure that was killed at any step, which the next run completes', async () => {
    const whole = new Operator();
    await eraseAll(logsOf(world(), whole), hers);
    for (let step = 1; step <= whole.steps; step += 3) {
      const made = world();
      await expect(eraseAll(logsOf(made, new Operator(step)), hers)).rejects.toThrow(Killed);
      await run(made, 'repair');
      await eraseAll(logsOf(made), hers);
      expectErased(made);
    }
  });
});

describe('the events that a criterion selects', () => {
  const event = (fields: object) => {
    const parsed = parseLine(sampleLine(1, sampleMs, { ...fields }));
    if (parsed.kind === 'rejected') throw new Error(parsed.reason);
    return parsed.event;
  };

  test.each<[string, ErasureCriterion, object, boolean]>([
    ['a transaction', { kind: 'transaction', transactionId: 't' }, { txn: 't' }, true],
    ['another transaction', { kind: 'transaction', transactionId: 't' }, { txn: 'u' }, false],
    ['an address', { kind: 'client-address', address: '203.0.113.9' }, { ip: '203.0.113.9' }, true],
    ['an address that an advertiser told', { kind: 'client-address', address: 'a' }, { conv_ip: 'a' }, true],
    ['an address that begins alike', { kind: 'client-address', address: '203.0.113.9' }, { ip: '203.0.113.99' }, false],
    ['an address where none is kept', { kind: 'client-address', address: '203.0.113.9' }, {}, false],
    [
      'one of two sub ids',
      {
        kind: 'sub-ids',
        values: new Map([
          ['a', '1'],
          ['b', '2'],
        ]),
      },
      { a: '1' },
      false,
    ],
    [
      'both sub ids',
      {
        kind: 'sub-ids',
        values: new Map([
          ['a', '1'],
          ['b', '2'],
        ]),
      },
      { a: '1', b: '2' },
      true,
    ],
  ])('%s', (_, criterion, fields, expected) => {
    expect(matchesCriterion(criterion, event(fields))).toBe(expected);
  });

  test('an event by its id', () => {
    const one = event({});
    expect(matchesCriterion({ kind: 'event', eventId: one.id }, one)).toBe(true);
    expect(matchesCriterion({ kind: 'event', eventId: 'other' }, one)).toBe(false);
  });

  test('a decision by the transaction of its conversion, because its note may be about the person', () => {
    const criterion = { kind: 'transaction', transactionId: 'T-1' } as const;
    expect(matchesCriterion(criterion, event({ type: 'decision', txn: 'T-1', note: 'Ada called' }))).toBe(true);
  });
});
