import { beforeEach, describe, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event/event.ts';
import { encodeOperatorKeys, operatorKeysKey } from '../../../core/keys/operator-keys.ts';
import { hourStateKey } from '../../../core/ledger/object-keys.ts';
import { hourMs, hourName, hourPrefix, hourStart } from '../../../core/log/log-key.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { operatorKeys, operatorLine } from '../../operator-lines.ts';
import { idOf, sampleLine } from '../../sample-lines.ts';
import { stateOf } from '../figures-view.ts';
import { home, peer, worldWith } from '../world-view.ts';
import { publishKeys } from './any-history.ts';
import { atHome, noting, portsOf, runWith } from './interleaved.ts';
import { early, expected, later, pass, put, reportOf, run, shown } from './ledger-view.ts';

const conversionKey = 'c'.repeat(32);
const money = { payout_type: 'cpa_flat', payout: '1.25', currency: 'USD', aff_id: 7 };
const sale = sampleLine(1, early, { type: 'conversion', conversion_key: conversionKey, rules: 2, ...money });
const click = sampleLine(2, early + 60_000, { aff_id: 7 });
const dayMs = 24 * hourMs;

function decision(atMs: number, seq = 9): string {
  const fields = { conversion_key: conversionKey, conversion_id: idOf(sale), verdict: 'reject' } as const;
  return operatorLine(seq, atMs, { type: 'decision', fields });
}

function adjustment(atMs: number, dayAtMs: number): string {
  const fields = { reference: 'r-1', day: '2026-11-23', day_at: dayAtMs, offer_id: 15, aff_id: 7, note: 'why' };
  const draft = { type: 'adjustment', fields: { ...fields, currency: 'USD', payout: '-3', revenue: '0' } } as const;
  return operatorLine(8, atMs, draft);
}

let world: SimulatedWorld;
beforeEach(async () => {
  world = worldWith();
  publishKeys(world);
  for (const line of [sale, click]) put(world, home, [line]);
  await run(world, home);
});

function nowMs(): number {
  return world.time.nowMs();
}

const reversed = {
  cause: 'conversion',
  revision: 2,
  totals: { clicks: 1n, reversed: 1n, reversed_payout_micros: 1_250_000n },
};

describe('a decision long after its conversion', () => {
  /** What is left of the hour after a long time. */
  async function age(days: number, prefixes: readonly string[]): Promise<void> {
    await pass(world, days * dayMs);
    const { bucket, index } = world.regions[home];
    for (const key of prefixes.flatMap((prefix) => bucket.keys(prefix))) bucket.delete(key);
    if (days > 100) for (const { first_id: _, ...item } of index.all()) index.put(item);
  }

  test.each([
    ['has just become final', 0, []],
    ['lost its fold objects', 60, ['ledger/fold/']],
    ['is forgotten by the index and lost its log', 120, ['ledger/fold/', hourPrefix(early)]],
  ])(
    'makes the hour final again from its conversions alone, and reads no log of an hour that %s',
    async (_, days, gone) => {
      await age(days, gone);
      put(world, home, [decision(nowMs())]);
      const keys: string[] = [];
      await runWith(world, atHome(portsOf(world), noting(keys)));
      await pass(world, hourMs);
      await runWith(world, atHome(portsOf(world), noting(keys)));
      expect(stateOf(world, early)).toMatchObject(reversed);
      // Visits are read for the visitors of the day.
      const ofLog = [hourPrefix(early), `ledger/fold/${hourName(early)}`];
      const read = keys.filter((key) => ofLog.some((prefix) => key.startsWith(prefix)) && !key.includes('/visits-'));
      expect(read).toEqual([]);
      expect(stateOf(world, hourStart(nowMs()) - hourMs)).toMatchObject({ totals: { decisions: 1n } });
    },
  );

  test('leaves figures as they are when the conversions of the hour are gone, and counts after a rebuild', async () => {
    await age(60, [`ledger/conversions/${hourName(early)}/`]);
    put(world, home, [decision(nowMs())]);
    await world.time.until(foldOnce(world, home));
    expect(await reportOf(world, early)).toMatchObject({ outcome: 'left', why: expect.stringContaining('rebuild') });
    expect(stateOf(world, early)).toMatchObject({ revision: 1, totals: { approved: 1n } });
    await run(world, home, { task: 'hours', hours: [hourName(early)], cause: 'rebuild', afresh: true });
    expect(stateOf(world, early)).toMatchObject({ ...reversed, cause: 'rebuild' });
  });

  test('is followed up by the next runs when the run that folded it ends early, and by a review after hours', async () => {
    await age(60, []);
    const line = decision(nowMs());
    put(world, home, [line]);
    await world.time.until(foldOnce(world, home));
    expect(stateOf(world, early)).toMatchObject({ revision: 1, totals: { approved: 1n } });
    await pass(world, 5 * hourMs);
    expect(await reportOf(world, early)).toBeUndefined();
    expect(await reportOf(world, early, { task: 'review' })).toMatchObject({ cause: 'conversion', revision: 2 });
    expect(shown(world, home)).toMatchObject(expected([sale, click, line], [early]));
    expect(await reportOf(world, early, { task: 'sweep' })).toBeUndefined();
  });

  test('comes into force minutes after provisional figures have it', async () => {
    await age(60, []);
    put(world, home, [decision(nowMs())]);
    await world.time.until(foldOnce(world, home));
    expect(await reportOf(world, early)).toMatchObject({ cause: 'conversion', revision: 2 });
    expect(stateOf(world, early)).toMatchObject(reversed);
  });

  test('counts wherever a run is killed', async () => {
    await age(60, []);
    const line = decision(nowMs());
    const adjusted = adjustment(nowMs(), early - 30 * dayMs);
    put(world, home, [line, adjusted]);
    for (let diesAtStep = 1; ; diesAtStep += 3)
      if ((await run(world, home, undefined, { diesAtStep })) !== 'died') break;
    await pass(world, hourMs);
    for (const _ of [1, 2]) await run(world, home);
    expect(stateOf(world, early)).toMatchObject(reversed);
    expect(shown(world, home)).toMatchObject(expected([sale, click, line, adjusted], [early, early - 30 * dayMs]));
  });
});

describe('an adjustment', () => {
  test('for a day from before the deployment gives that hour figures of its own', async () => {
    const line = adjustment(later, early - 30 * dayMs);
    put(world, home, [line]);
    await run(world, home);
    expect(stateOf(world, early - 30 * dayMs)).toMatchObject({
      ...{ revision: 1, cause: 'closed', events: 0 },
      totals: { adjustments: 1n, adjusted_payout_micros: -3_000_000n },
    });
    expect(shown(world, home)).toMatchObject(expected([line], [early - 30 * dayMs]));
  });

  test('for a later hour counts when that hour comes', async () => {
    const hour = later + 2 * hourMs;
    put(world, home, [adjustment(later, hour)]);
    await run(world, home);
    expect(stateOf(world, hour)).toBeUndefined();
    await pass(world, 2 * hourMs);
    await run(world, home);
    expect(stateOf(world, hour)).toMatchObject({ totals: { adjustments: 1n } });
  });
});

describe('the public keys of operators', () => {
  const line = decision(later);
  const rebuild = { task: 'hours', hours: [hourName(later)], cause: 'rebuild', afresh: true };

  beforeEach(() => {
    for (const region of [home, peer] as const) world.regions[region].bucket.delete(operatorKeysKey);
  });

  test('are missing: the decision changes nothing until a rebuild after they are published', async () => {
    put(world, home, [line]);
    await run(world, home);
    expect(stateOf(world, later)).toMatchObject({ totals: { unsigned: 1n } });
    publishKeys(world);
    await run(world, home, rebuild);
    expect(stateOf(world, later)).toMatchObject({ totals: { decisions: 1n } });
    expect(stateOf(world, early)).toMatchObject(reversed);
  });

  test('are only in the peer’s log', async () => {
    world.regions[peer].bucket.put(operatorKeysKey, encodeOperatorKeys(operatorKeys.keys));
    put(world, home, [line]);
    await run(world, home);
    expect(stateOf(world, early)).toMatchObject(reversed);
  });

  test('cannot be understood: only hours with events of operators wait', async () => {
    world.regions[home].bucket.put(operatorKeysKey, Buffer.from('garbage'));
    put(world, home, [line, sampleLine(5, early, { aff_id: 7 })]);
    expect(await reportOf(world, later)).toMatchObject({
      outcome: 'left',
      why: expect.stringContaining(operatorKeysKey),
    });
    expect(stateOf(world, early)).toMatchObject({ totals: { clicks: 2n } });
  });

  test('are revoked from an earlier time on: a rebuild of both hours leaves the decision out', async () => {
    publishKeys(world);
    put(world, home, [line]);
    await run(world, home);
    const revoked = operatorKeys.keys.map((key) => ({ ...key, untilMs: later }));
    for (const region of [home, peer] as const) {
      world.regions[region].bucket.put(operatorKeysKey, encodeOperatorKeys(revoked));
    }
    await run(world, home, { ...rebuild, hours: [hourName(early), hourName(later)] });
    expect(stateOf(world, early)).toMatchObject({ totals: { approved: 1n } });
    expect(stateOf(world, later)).toMatchObject({ totals: { unsigned: 1n } });
  });
});

describe('an hour that the release with rules 1 made final', () => {
  /** That release kept one object of rows a quarter, and did not know what an operator says. */
  function asOfRulesOne(unknown: number): void {
    const { bucket } = world.regions[home];
    const state = stateOf(world, early);
    const { rules: _, received: firsts, quarters = [], ...rest } = state ?? {};
    const joined = quarters.map(({ clicks, sales: __, ...quarter }) => ({ ...quarter, ...clicks }));
    const old: EventFields = JSON.parse(
      JSON.stringify(
        { v: 2, ...rest, firsts, unknown, figuresDigest: 'of one object', quarters: joined },
        (___, value) => (typeof value === 'bigint' ? `${value}` : value),
      ),
    );
    bucket.put(hourStateKey(early), Buffer.from(JSON.stringify(old)));
  }

  test('is folded anew when it has events that only a later release understands', async () => {
    asOfRulesOne(1);
    expect(await reportOf(world, early)).toMatchObject({ cause: 'rules', revision: 2 });
    expect(stateOf(world, early)).toMatchObject({ rules: 2, generation: 3, unknown: 0, totals: { approved: 1n } });
  });

  test('stays as it is otherwise, until something comes for it', async () => {
    asOfRulesOne(0);
    expect(await reportOf(world, early, { task: 'review' })).toBeUndefined();
    expect(stateOf(world, early)).toMatchObject({ rules: 1, revision: 1 });
    put(world, home, [decision(later)]);
    await run(world, home);
    expect(stateOf(world, early)).toMatchObject({ ...reversed, rules: 2, generation: 3 });
  });
});
