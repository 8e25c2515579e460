import { describe, expect, test } from 'vitest';
import { intakeBodies, readLogLine } from '../../../core/event/unconfirmed.ts';
import { sampleLine, sampleLines } from '../../sample-lines.ts';

const line = sampleLine(1, undefined, { sub1: 'ünï\n"code"' });
const event: unknown = JSON.parse(line);

function logged(value: unknown): string {
  return JSON.stringify({ level: 'ERROR', message: 'no rung took an event', unconfirmed: value });
}

describe('a line of the log of track', () => {
  test('gives back the exact line of the event that no rung took', () => {
    expect(readLogLine(logged(event))).toEqual({ kind: 'event', line });
  });

  test.each([
    ['cut off', logged(event).slice(0, -20), 'not-json'],
    ['without an event in it', logged('a text'), 'not-an-event'],
    ['with an event of no version', logged({ ...(event as object), v: 0 }), 'bad-version'],
    ['with an event without an id', logged({ ...(event as object), id: 'x' }), 'bad-id'],
    ['with what is no type', logged({ ...(event as object), type: 'Sale!' }), 'bad-type'],
  ])('%s is counted by its reason', (_, text, reason) => {
    expect(readLogLine(text)).toEqual({ kind: 'bad', reason });
  });

  test.each([
    ['a refused conversion', JSON.stringify({ message: 'a conversion was refused', refused: event })],
    ['the word in another place', JSON.stringify({ message: 'unconfirmed' })],
    ['the key inside another field', JSON.stringify({ report: { unconfirmed: 3 } })],
    ['anything else', 'REPORT RequestId: 1'],
  ])('that is %s holds no event', (_, text) => {
    expect(readLogLine(text)).toEqual({ kind: 'other' });
  });
});

describe('bodies for the intake queue', () => {
  test('hold every line once, in order, and stay below the bound', () => {
    const lines = sampleLines(50);
    const bytesMax = 1_000;
    const bodies = intakeBodies(lines, bytesMax);
    expect(bodies.flat()).toEqual(lines);
    expect(bodies.length).toBeGreaterThan(1);
    for (const body of bodies) expect(body.join('\n').length).toBeLessThanOrEqual(bytesMax);
  });

  test('a line that is longer than the bound goes alone', () => {
    expect(intakeBodies(['long line', 'b', 'c'], 3)).toEqual([['long line'], ['b', 'c']]);
  });

  test('without lines there are none', () => {
    expect(intakeBodies([], 10)).toEqual([]);
  });
});
