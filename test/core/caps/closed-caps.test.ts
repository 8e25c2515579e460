import { describe, expect, it } from 'vitest';
import { type ClosedCaps, encodeClosedCaps, indexClosedCaps, parseClosedCaps } from '../../../core/caps/closed-caps.ts';
import { limits } from '../../../core/limits/limits.ts';

const asOfMs = Date.UTC(2026, 11, 1, 12);
const dayEndMs = Date.UTC(2026, 11, 2);
const example: ClosedCaps = {
  region: 'us-east-1',
  asOfMs,
  madeAtMs: asOfMs + 2_000,
  closed: indexClosedCaps([
    { offerId: 3, affiliateId: 0, name: 'conversion_cap', fromMs: 0, toMs: dayEndMs },
    { offerId: 3, affiliateId: 7, name: 'lifetime_payout_cap', fromMs: asOfMs, toMs: Number.POSITIVE_INFINITY },
    { offerId: 3, affiliateId: 7, name: 'click_cap', fromMs: 0, toMs: dayEndMs },
  ]),
};

function parse(text: string) {
  return parseClosedCaps('us-east-1', Buffer.from(text));
}

function written(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(encodeClosedCaps(example)), ...changes });
}

describe('the object of closed caps', () => {
  it('is JSON with one list for each owner, and null for ever', () => {
    expect(JSON.parse(encodeClosedCaps(example))).toEqual({
      v: 1,
      region: 'us-east-1',
      asOfMs,
      madeAtMs: asOfMs + 2_000,
      closed: {
        '3/0': [['conversion_cap', 0, dayEndMs]],
        '3/7': [
          ['lifetime_payout_cap', asOfMs, null],
          ['click_cap', 0, dayEndMs],
        ],
      },
    });
  });

  it('is read back as it was written', () => {
    expect(parse(encodeClosedCaps(example))).toEqual({ kind: 'caps', caps: example });
  });

  it('of a later release loses only the caps that this release does not know', () => {
    const later = written({ closed: { '3/0': [['weekly_conversion_cap', 0, dayEndMs]] }, more: 1 });
    expect(parse(later)).toMatchObject({ kind: 'caps', caps: { asOfMs, closed: new Map() } });
  });

  it.each([
    ['', 'not a JSON object'],
    [encodeClosedCaps(example).slice(0, 100), 'not a JSON object'],
    [written({ v: 2 }), 'v must be 1, the only version that this release knows'],
    [written({ region: 'us-west-2' }), 'region must be us-east-1'],
    [written({ asOfMs: '1' }), 'asOfMs and madeAtMs must be times'],
    [written({ closed: [] }), 'closed must be an object'],
    [written({ closed: { '3': [] } }), 'closed: 3 is no owner with a list of caps'],
    [written({ closed: { '3/0': {} } }), 'closed: 3/0 is no owner with a list of caps'],
    [written({ closed: { '3/0': [['click_cap', 0]] } }), 'closed: 3/0 has an entry that is no name with two times'],
    [written({ closed: { '3/0': [null] } }), 'closed: 3/0 has an entry that is no name with two times'],
    [' '.repeat(limits.caps.objectBytesMax + 1), `${limits.caps.objectBytesMax + 1} bytes are too many`],
  ])('is refused whole when it is damaged (%#)', (text, problem) => {
    expect(parse(text)).toEqual({ kind: 'invalid', problem });
  });
});
