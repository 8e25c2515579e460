import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CapEntry, type Claim, overCap } from '../../../core/caps/over-cap.ts';

function claim(cap: string, limit: bigint, amount = 1n, taken = 0n): Claim {
  return { cap, limit, amount, taken };
}

function entry(order: string, claims: readonly Claim[], count = 1n): CapEntry {
  return { order, count, claims };
}

function placed(entries: readonly CapEntry[]): readonly string[] {
  return overCap(entries).map(({ entry: { order }, fitting, full }) => [order, fitting, ...full].join(' '));
}

describe('entries of a cap', () => {
  test('take places in their order until there is no room', () => {
    const entries = ['c', 'a', 'b'].map((order) => entry(order, [claim('day', 2n)]));
    expect(placed(entries)).toEqual(['a 1', 'b 1', 'c 0 day']);
  });

  test('that are over one cap take no room of another one', () => {
    const both = [claim('affiliate', 1n), claim('offer', 2n)];
    const entries = [entry('a', both), entry('b', both), entry('c', [claim('offer', 2n)])];
    expect(placed(entries)).toEqual(['a 1', 'b 0 affiliate', 'c 1']);
  });

  test('obey the limit that held at their own capture', () => {
    const limits = [1n, 1n, 3n, 2n];
    const entries = limits.map((limit, index) => entry(`${index}`, [claim('day', limit)]));
    expect(placed(entries)).toEqual(['0 1', '1 0 day', '2 1', '3 0 day']);
  });

  test('of many alike fit in part, and money that is left serves a smaller one', () => {
    const clicks = entry('a', [claim('payout', 100n, 30n)], 5n);
    expect(placed([clicks, entry('b', [claim('payout', 100n, 10n)])])).toEqual(['a 3 payout', 'b 1']);
  });

  test('find what was taken before them, and take nothing when they are worth nothing', () => {
    const free = entry('b', [claim('payout', 10n, 0n, 12n)]);
    expect(placed([entry('a', [claim('payout', 10n, 1n, 10n)]), free])).toEqual(['a 0 payout', 'b 1']);
  });
});

const anyClaims = fc.uniqueArray(
  fc.record({ cap: fc.constantFrom('one', 'two', 'three'), amount: fc.bigInt(0n, 5n), raise: fc.bigInt(0n, 9n) }),
  { selector: ({ cap }) => cap, maxLength: 3 },
);
const anyEntries = fc.array(fc.record({ claims: anyClaims, count: fc.bigInt(1n, 6n) }), { maxLength: 30 }).map((all) =>
  all.map(({ claims, count }, index) =>
    entry(
      String(index).padStart(3, '0'),
      claims.map(({ cap, amount, raise }) => claim(cap, 10n + raise, amount, 3n)),
      count,
    ),
  ),
);

describe('whatever the entries are', () => {
  test('what fits never passes a limit, and what is over would have passed one', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const taken = new Map<string, bigint>();
        for (const { entry: one, fitting, full } of overCap(entries)) {
          for (const { cap, limit, amount, taken: before } of one.claims) {
            const now = (taken.get(cap) ?? 0n) + fitting * amount;
            taken.set(cap, now);
            if (fitting > 0n && amount > 0n) expect(before + now).toBeLessThanOrEqual(limit);
          }
          const isTight = one.claims.some(
            ({ cap, limit, amount, taken: before }) =>
              full.includes(cap) && before + (taken.get(cap) ?? 0n) + amount > limit,
          );
          expect(isTight).toBe(fitting < one.count);
        }
      }),
    );
  });

  test('their order of arrival changes nothing', () => {
    const anyShuffle = anyEntries.chain((entries) =>
      fc.tuple(
        fc.constant(entries),
        fc.shuffledSubarray([...entries], { minLength: entries.length, maxLength: entries.length }),
      ),
    );
    fc.assert(
      fc.property(anyShuffle, ([entries, shuffled]) => {
        expect(placed(shuffled)).toEqual(placed(entries));
      }),
    );
  });
});
