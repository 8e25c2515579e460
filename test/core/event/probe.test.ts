import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLine, parseLine } from '../../../core/event/event.ts';
import { isProbeId, minuteStart, probeEvent, probeId, recentMinutes } from '../../../core/event/probe.ts';
import { uuidTimeMs, uuidV7 } from '../../../core/event/uuid.ts';
import { parseLogKey } from '../../../core/log/log-key.ts';
import { probeKey, type Segment, segmentsOf } from '../../../core/log/segment.ts';
import { sampleLine, sampleMs } from '../../sample-lines.ts';

const minuteMs = 60_000;

const regions = ['us-east-1', 'us-west-2', 'xx-future-1', 'xx-future-2'];
const anyProbe = fc.record({ region: fc.constantFrom(...regions), minute: fc.integer({ min: 0, max: 180 }) });

function lineOf({ region, minute }: { readonly region: string; readonly minute: number }): string {
  return encodeLine(probeEvent(region, minuteStart(sampleMs) + minute * minuteMs));
}

function isOfAProbe({ eventIds }: Segment): boolean {
  return eventIds.some(isProbeId);
}

describe('the probe of a region and a minute', () => {
  test('is an event of that minute, which every reader takes', () => {
    const parsed = parseLine(encodeLine(probeEvent('us-east-1', minuteStart(sampleMs))));
    expect(parsed).toMatchObject({ kind: 'event', event: { type: 'probe', region: 'us-east-1', at: sampleMs } });
    expect(uuidTimeMs(probeId('us-east-1', sampleMs))).toBe(sampleMs);
  });

  test('has an id of its own, also in regions younger than any table', () => {
    const ids = regions.flatMap((region) => recentMinutes(sampleMs, 5).map((startMs) => probeId(region, startMs)));
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) expect(isProbeId(id)).toBe(true);
  });

  test('is taken for no other event, nor any other event for it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), fc.nat(minuteMs), (random, lateMs) => {
        fc.pre(random.slice(3, 6).some((byte) => byte !== 0));
        expect(isProbeId(uuidV7(sampleMs + lateMs, random))).toBe(false);
      }),
    );
    expect(isProbeId(probeId('us-east-1', sampleMs + 1))).toBe(false);
  });
});

describe('whatever a probe is stored with, and however often,', () => {
  test('it has a segment of its own under the key that anyone can tell beforehand', () => {
    const batch = fc.tuple(fc.array(anyProbe, { maxLength: 6 }), fc.array(fc.nat(20), { maxLength: 5 }));
    fc.assert(
      fc.property(batch, ([probes, clicks]) => {
        const segments = segmentsOf([
          ...probes.map(lineOf),
          ...clicks.map((seq) => sampleLine(seq)),
          ...probes.map(lineOf),
        ]);
        const expected = new Set(probes.map(({ region, minute }) => probeKey(region, sampleMs + minute * minuteMs)));
        expect(new Set(segments.filter(isOfAProbe).map(({ key }) => key))).toEqual(expected);
        for (const segment of segments.filter(isOfAProbe)) expect(segment.eventCount).toBe(1);
      }),
    );
  });

  test('the segments of all other events are the same as without it', () => {
    const others = [sampleLine(1), sampleLine(2), sampleLine(3, sampleMs + 60 * minuteMs)];
    const withProbe = segmentsOf([...others, lineOf({ region: 'us-east-1', minute: 0 })]);
    expect(withProbe.filter((segment) => !isOfAProbe(segment))).toEqual(segmentsOf(others));
  });

  test('the same key has the same lines, whoever captured it when', () => {
    fc.assert(
      fc.property(anyProbe, fc.nat(minuteMs - 1), fc.nat(minuteMs - 1), (probe, one, other) => {
        const startMs = sampleMs + probe.minute * minuteMs;
        const [first, second] = [one, other].map((lateMs) =>
          segmentsOf([encodeLine(probeEvent(probe.region, minuteStart(startMs + lateMs)))]),
        );
        expect(first).toEqual(second);
      }),
    );
  });

  test('its key is one of the hour of its minute, at the last minute of the hour too', () => {
    const lastMinute = Date.UTC(2026, 10, 23, 5, 59);
    expect(parseLogKey(probeKey('us-east-1', lastMinute))?.hourStartMs).toBe(Date.UTC(2026, 10, 23, 5));
  });
});
