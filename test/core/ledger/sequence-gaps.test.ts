import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine } from '../../../core/event/event.ts';
import { minuteStart, probeEvent } from '../../../core/event/probe.ts';
import { sequenceGaps } from '../../../core/ledger/sequence-gaps.ts';
import { hourMs, hourStart } from '../../../core/log/log-key.ts';
import { createStamp } from '../../../lambda/track/stamp.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';
import { groupBlocks, mergedMinutes } from '../figures/fold-lines.ts';

/** How a capture ended: a rung took it, none did, or one did and nobody could tell. */
type Outcome = 'taken' | 'not taken' | 'landed unnoticed';

interface Captured {
  readonly line: string;
  readonly outcome: Outcome;
}

/** Events of one environment within an hour, as `track` would make them. */
function captured(outcomes: readonly Outcome[], environmentId = 'e1'): readonly Captured[] {
  let byte = 0;
  const random = { bytes: (length: number) => Buffer.alloc(length, byte++) };
  const stamp = createStamp({ region: 'us-east-1', environmentId, random });
  return outcomes.map((outcome, index) => {
    const stamped = stamp({ type: 'click', fields: {} }, sampleMs + index * 90_000);
    if (stamped === undefined) throw new Error('the event is too long');
    if (outcome === 'taken') stamped.confirm();
    return { line: stamped.line, outcome };
  });
}

/** `lines`: of one hour. */
function gapsIn(lines: readonly string[], hourStartMs = hourStart(sampleMs)) {
  const minutes = mergedMinutes(groupBlocks(hourStartMs, [lines]));
  return sequenceGaps(minutes.flatMap(({ environments }) => environments));
}

const anyOutcomes = fc.array(fc.constantFrom<Outcome>('taken', 'taken', 'taken', 'not taken', 'landed unnoticed'), {
  minLength: 1,
  maxLength: 30,
});

describe('the numbers of an hour', () => {
  test('show no gap when the log has every captured event, in any order and however often', () => {
    fc.assert(
      fc.property(anyOutcomes, fc.nat(), (outcomes, seed) => {
        const lines = captured(outcomes).flatMap(({ line, outcome }) => (outcome === 'not taken' ? [] : [line]));
        const shuffled = [...lines, ...lines].sort((one, other) => (hash(one, seed) < hash(other, seed) ? -1 : 1));
        expect(gapsIn(shuffled)).toEqual([]);
      }),
    );
  });

  test('show exactly the captured events that the log lacks, up to the last event that it has', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 30 }), (kept) => {
        const events = captured(kept.map(() => 'taken'));
        const lines = events.flatMap(({ line }, index) => (kept[index] ? [line] : []));
        const lastKept = kept.lastIndexOf(true);
        const lost = kept.slice(0, lastKept + 1).filter((isKept) => !isKept).length;
        expect(gapsIn(lines).reduce((sum, { missing }) => sum + missing, 0)).toBe(lost);
      }),
    );
  });

  test('show no gap for an event whose capture failed, and a gap for one whose capture succeeded', () => {
    const [first, , third] = captured(['taken', 'not taken', 'taken']);
    expect(gapsIn([first?.line ?? '', third?.line ?? ''])).toEqual([]);
    const [one, , other] = captured(['taken', 'taken', 'taken']);
    expect(gapsIn([one?.line ?? '', other?.line ?? ''])).toEqual([{ env: 'e1', region: 'us-east-1', missing: 1 }]);
  });

  test('of each environment are judged by themselves', () => {
    const whole = captured(['taken', 'taken'], 'e1');
    const broken = captured(['taken', 'taken', 'taken'], 'e2').slice(2);
    const gaps = gapsIn([...whole, ...broken].map(({ line }) => line));
    expect(gaps).toMatchObject([{ env: 'e2', missing: 2 }]);
  });

  test('begin anew with the hour, so that an hour is judged without the one before', () => {
    const random = { bytes: (length: number) => Buffer.alloc(length, 7) };
    const stamp = createStamp({ region: 'us-east-1', environmentId: 'e1', random });
    const hour = Date.UTC(2026, 10, 23, 6);
    const [before, first, second] = [hour - 1, hour, hour + 1].map((atMs) => {
      const stamped = stamp({ type: 'click', fields: {} }, atMs);
      stamped?.confirm();
      return stamped?.line ?? '';
    });
    expect(gapsIn([first ?? '', second ?? ''], hour)).toEqual([]);
    expect(gapsIn([second ?? ''], hour)).toMatchObject([{ missing: 1 }]);
    expect(gapsIn([before ?? ''], hour - hourMs)).toEqual([]);
  });

  test('are not read from scheduled probes, from lines of an older release, or from lines that are no event', () => {
    const lines = [encodeLine(probeEvent('us-east-1', minuteStart(sampleMs))), sampleLine(7), 'no event', '{}'];
    expect(gapsIn(lines)).toEqual([]);
  });

  test('of events that only a later release understands leave no gap', () => {
    const [first, second, third] = captured(['taken', 'taken', 'taken']).map(({ line }) => line);
    const decision = second?.replace('"type":"click"', '"type":"big-decision"') ?? '';
    const version2 = second?.replace('{"v":1,', '{"v":2,') ?? '';
    expect(gapsIn([first ?? '', decision, third ?? ''])).toEqual([]);
    expect(gapsIn([first ?? '', version2, third ?? ''])).toEqual([]);
  });

  test('are read from a line with its keys in another order, and never from a link’s own parameters', () => {
    const [, second] = captured(['taken', 'taken']);
    const { v, id, ...rest } = JSON.parse(second?.line ?? '') as Record<string, unknown>;
    expect(gapsIn([JSON.stringify({ ...rest, id, v })])).toMatchObject([{ missing: 1 }]);
    const fields = { aff_sub: '","env":"e9","seq":9,"captured_before":9' };
    expect(gapsIn([sampleLine(1, sampleMs, fields)])).toEqual([]);
  });
});

/** Some order, another one for each seed. */
function hash(text: string, seed: number): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0) + seed) % 1_000_003, seed);
}
