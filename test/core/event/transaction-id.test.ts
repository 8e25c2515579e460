import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mintTransactionId,
  parseSigningKey,
  readTransactionId,
  verifyTransactionId,
} from '../../../core/event/transaction-id.ts';

const keys = { signing: '01'.repeat(32), accepted: '02'.repeat(32) };
const click = { clickedAtMs: 1_795_400_000_000, region: 'us-east-1', offerId: 1500, affiliateId: 12001 };
const random = Uint8Array.of(1, 2, 3, 4, 5);

const clicks = fc.record({
  clickedAtMs: fc.integer({ min: 0, max: 0xffff_ffff }).map((seconds) => seconds * 1_000),
  region: fc.constantFrom('us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-6'),
  offerId: fc.integer({ min: 0, max: 0xffff_ffff }),
  affiliateId: fc.integer({ min: 0, max: 0xffff_ffff }),
});
const randoms = fc.uint8Array({ minLength: 5, maxLength: 5 });

describe('a transaction id', () => {
  test('gives back the click that it was signed for', () => {
    fc.assert(
      fc.property(clicks, randoms, (identity, bytes) => {
        const id = mintTransactionId(identity, bytes, keys);
        expect(id).toMatch(/^[A-Za-z0-9_-]{36}$/);
        expect(verifyTransactionId(id, keys)).toEqual({ kind: 'valid', ...identity });
      }),
    );
  });

  test('is the same text for the same click in every release, since advertisers keep ids for years', () => {
    expect(mintTransactionId(click, random, keys)).toBe('AQFrA6FAAQIDBAUAAAXcAAAu4V8vA1VKtGXM');
  });

  test('is invalid after a change of any of its bytes', () => {
    const id = Buffer.from(mintTransactionId(click, random, keys), 'base64url');
    const places = fc.integer({ min: 0, max: id.length - 1 });
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Buffer.from(id);
        changed[place] = (changed[place] ?? 0) ^ change;
        const kind = place === 0 ? 'foreign' : 'tampered';
        expect(verifyTransactionId(changed.toString('base64url'), keys)).toEqual({ kind });
      }),
    );
  });

  test('that another network made, or that is no id at all, is foreign', () => {
    const others = ['', '10298d13d02eaed6a0840f08aa2068', '{transaction_id}', '-'.repeat(36), 'ä'.repeat(36)];
    for (const id of others) expect(verifyTransactionId(id, keys)).toEqual({ kind: 'foreign' });
    fc.assert(fc.property(fc.string(), (text) => verifyTransactionId(text, keys).kind !== 'valid'));
  });

  test('has one spelling only: padding, the other base64 alphabet and a tail are foreign', () => {
    const id = mintTransactionId(click, random, keys);
    for (const text of [`${id}=`, `${id}\n`, ` ${id}`, `${id}A`, id.slice(1)]) {
      expect(verifyTransactionId(text, keys).kind).toBe('foreign');
    }
  });
});

test('the claims of an id can be read without keys, and other texts give none', () => {
  const id = mintTransactionId(click, random, keys);
  expect(readTransactionId(id)).toEqual(click);
  expect(readTransactionId(`${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`)).toEqual(click);
  for (const text of ['', '10298d13d02eaed6a0840f08aa2068', `B${id.slice(1)}`, `${id}A`]) {
    expect(readTransactionId(text)).toBeUndefined();
  }
});

describe('the id of a robot’s click', () => {
  const robots = { ...click, byRobot: true } as const;

  test('is marked as a robot’s, and its other claims are as usual', () => {
    fc.assert(
      fc.property(clicks, randoms, (identity, bytes) => {
        const id = mintTransactionId({ ...identity, byRobot: true }, bytes, keys);
        expect(verifyTransactionId(id, keys)).toEqual({ kind: 'valid', ...identity, byRobot: true });
        expect(readTransactionId(id)).toEqual({ ...identity, byRobot: true });
      }),
    );
  });

  test('is signed with this mark, so that the id is invalid without it', () => {
    const bytes = Buffer.from(mintTransactionId(robots, random, keys), 'base64url');
    bytes[1] = (bytes[1] ?? 0) & 0x7f;
    expect(verifyTransactionId(bytes.toString('base64url'), keys)).toEqual({ kind: 'tampered' });
  });

  test('has the mark for a region younger than the table too', () => {
    const id = mintTransactionId({ ...robots, region: 'zz-new-1' }, random, keys);
    expect(readTransactionId(id)).toEqual({ ...robots, region: 'unknown' });
  });

  /** The rule of the release before: the whole byte is the place of the region, and a place beyond the table is `unknown`. */
  test('is valid for the release before, which reads it as an id of an unknown region', () => {
    const id = Buffer.from(mintTransactionId(robots, random, keys), 'base64url');
    const signature = createHmac('sha256', Buffer.from(keys.signing, 'hex')).update(id.subarray(0, 19)).digest();
    expect(id.subarray(19)).toEqual(signature.subarray(0, 8));
    expect([id[0], id.length]).toEqual([1, 27]);
    expect(id[1]).toBeGreaterThan(34);
    expect([id.readUInt32BE(11), id.readUInt32BE(15)]).toEqual([click.offerId, click.affiliateId]);
  });
});

describe('while keys are rotated', () => {
  const next = { signing: keys.accepted, accepted: keys.signing };

  test('a region that signs with the new key accepts ids of the old key, and the other way round', () => {
    const id = mintTransactionId(click, random, keys);
    expect(verifyTransactionId(id, next).kind).toBe('valid');
    expect(verifyTransactionId(mintTransactionId(click, random, next), keys).kind).toBe('valid');
  });

  test('an id of a retired key is invalid', () => {
    const retired = { signing: keys.accepted, accepted: keys.accepted };
    expect(verifyTransactionId(mintTransactionId(click, random, keys), retired)).toEqual({ kind: 'tampered' });
  });
});

test('a region younger than the table still gets ids that work', () => {
  const id = mintTransactionId({ ...click, region: 'zz-new-1' }, random, keys);
  expect(verifyTransactionId(id, keys)).toEqual({ kind: 'valid', ...click, region: 'unknown' });
});

describe('a signing key', () => {
  test('in hex is accepted unchanged', () => {
    for (const key of ['0f'.repeat(16), 'AB'.repeat(32)]) expect(parseSigningKey(key)).toBe(key);
  });

  test('that is empty or too short is refused, and its text is not in the message', () => {
    const unfit = ['', 'a phrase that somebody chose', '0f'.repeat(15), `${'0f'.repeat(16)}0`, `xy${'0f'.repeat(16)}`];
    for (const key of unfit) {
      expect(() => parseSigningKey(key)).toThrow(
        /^a signing key is hex text of at least 32 characters, an even number of them$/,
      );
    }
  });
});
