import { expect, test } from 'vitest';
import { clicksAfterCaps } from '../../../drill/checks/late-clicks.ts';
import type { Evidence } from '../../../drill/evidence/evidence.ts';
import { lateClicks } from '../../../drill/evidence/late-clicks.ts';
import type { CapsSeen } from '../../../drill/evidence/watch-caps.ts';
import { east, west } from '../fake-cloud.ts';

const second = 1_000;
const noon = Date.UTC(2026, 10, 23, 12);
/** A click a second. The cap is used up after 100 seconds. */
const clicksAtMs = Array.from({ length: 600 }, (_, index) => noon + index * second);
const reachedAtMs = noon + 100 * second;
/** Every ten seconds the counts of both regions know of everything. */
const fresh = [east, west].flatMap((region) =>
  clicksAtMs.filter((atMs) => (atMs - noon) % 10_000 === 0).map((atMs) => ({ atMs, region, knownToMs: atMs })),
);

function late(seconds: number, seen: readonly CapsSeen[] = fresh) {
  const sentOn = clicksAtMs.filter((atMs) => atMs <= reachedAtMs + seconds * second);
  const use = { cap: '3/0/click_cap', mode: 'hard', reachedAtMs, askedAtMs: clicksAtMs };
  const uses = [{ ...use, sentOn: sentOn.map((atMs) => ({ atMs, region: east })) }];
  const found = lateClicks({ uses, clicksAtMs }, seen, 2);
  return { found, problems: clicksAfterCaps({ lateClicks: found } as unknown as Evidence) };
}

test('clicks that come before anybody can know that a cap is used up are no fault', () => {
  const { found, problems } = late(30);
  expect(found).toMatchObject([{ sentOn: 30, unseenMs: 31_000, bound: { expected: 32, worst: 32 } }]);
  expect(problems).toEqual([]);
});

test('clicks that come later than that are named', () => {
  expect(late(60).problems).toEqual([expect.stringMatching(/^I11: 60 clicks .* after 3\/0\/click_cap was used up/)]);
});

test('old counts allow more, until the counts of the other region hold', () => {
  const old = fresh.filter(({ region, atMs }) => region === west || atMs <= reachedAtMs);
  expect(late(150, old).problems).toEqual([]);
  expect(late(180 + 22, old).problems).toEqual([]);
  expect(late(180 + 40, old).problems).toHaveLength(1);
});

test('a cap that was never used up is no matter', () => {
  const use = { cap: '3/0/click_cap', mode: 'soft', reachedAtMs: undefined, askedAtMs: clicksAtMs, sentOn: [] };
  expect(lateClicks({ uses: [use], clicksAtMs }, fresh, 2)).toEqual([]);
});
