import { describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits/limits.ts';
import { metrics } from '../../../core/metrics.ts';
import { idOf, sampleMs } from '../../sample-lines.ts';
import { bucketDown, home, peer, sqsFails, worldWith } from '../world-view.ts';
import {
  attemptEvents,
  deliveries,
  folded,
  notify,
  outboxHas,
  Partners,
  postback,
  publish,
  report,
  timeout,
  unavailable,
} from './notify-scene.ts';

const minuteMs = 60_000;
const txn = 'AQFrBDPX4Y6glvYAAAAPAAI2aUvBhGoECVn7';

describe('notify, in good weather', () => {
  test('tells a partner once of an approved conversion, notes it in both regions and in the log', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    const line = report(1, 1);
    await folded(world, [line]);
    expect(await notify(world, partners)).toEqual({ outcome: 'done', delivered: 1, failed: 0, dueMinutes: 0 });
    await notify(world, partners);
    expect(partners.toldTo(1)).toEqual([idOf(line)]);
    expect(partners.got.map(({ url }) => new URL(url).searchParams.get('payout'))).toEqual(['2.50']);
    for (const region of [home, peer] as const) {
      expect(deliveries(world, region)).toMatchObject([{ status: 'delivered', attempts: 1, last: 'delivered 200' }]);
    }
    expect(attemptEvents(world)).toMatchObject([
      {
        ...{ type: 'postback', region: home, postback_id: 1, attempt: 1, outcome: 'delivered', http_status: 200 },
        target: 'https://partner-1.example.com/in?conversion=*&payout=*&id=*',
        conversion_id: idOf(line),
      },
    ]);
  });

  test('tells of a pending conversion when it is approved, and not again when the report is repeated', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    const first = report(1, 1, { status: 'pending', pending_for: 'status' });
    await folded(world, [first]);
    await notify(world, partners);
    expect(partners.got).toEqual([]);
    await folded(world, [report(2, 1)]);
    await notify(world, partners);
    await folded(world, [report(3, 1)]);
    await notify(world, partners);
    expect(partners.toldTo(1)).toEqual([idOf(first)]);
  });

  test.each([
    ['p={payout}&t={transaction_id}&n={offer_name}', {}],
    ['s={aff_sub2}', { clickTxn: txn, clickAtMs: sampleMs }],
    ['f={file_name}', { clickTxn: txn, clickAtMs: sampleMs }],
    ['a={adv_sub}', { conversionId: idOf(report(1, 1)) }],
  ])('looks up what the macros of %s need, and nothing else', async (query, wanted) => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1, { url: `https://partner-1.example.com/in?${query}` })]);
    await folded(world, [report(1, 1, { txn, click_at: sampleMs })]);
    await notify(world, partners);
    expect(partners.wanted).toEqual([wanted]);
  });

  test('tells of a reversal only the partners who ask for it', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1), postback(2, { on: ['approved', 'reversed'] })]);
    const line = report(1, 1);
    await folded(world, [line]);
    await notify(world, partners);
    const rejection = { status: 'rejected', reason: 'rejected-by-advertiser' };
    await folded(world, [report(2, 1, rejection)]);
    await notify(world, partners);
    expect([partners.toldTo(1), partners.toldTo(2)]).toEqual([[idOf(line)], [idOf(line), idOf(line)]]);
    const ids = partners.got.map(({ idempotencyId }) => idempotencyId);
    expect(new Set(ids).size).toBe(3);
  });

  test('tells nobody of what happened before the postback was published, of tests, and of nobody’s conversions', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)], sampleMs + 500);
    const late = report(900, 9);
    await folded(world, [report(1, 1), late, report(901, 2, { test: true }), report(902, 3, { aff_id: 0 })]);
    await notify(world, partners);
    expect(partners.toldTo(1)).toEqual([idOf(late)]);
  });

  test('two runs that overlap send each postback once', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    await folded(
      world,
      Array.from({ length: 50 }, (_, index) => report(index, index)),
    );
    await Promise.all([notify(world, partners), notify(world, partners)]);
    expect(partners.toldTo(1).toSorted()).toEqual([...new Set(partners.toldTo(1))].toSorted());
    expect(partners.got).toHaveLength(50);
  });
});

describe('notify, with partners who are ill', () => {
  test('retries seven times with growing pauses, and then lists the postback as failed', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    partners.answer(1, unavailable);
    await folded(world, [report(1, 1)]);
    const attemptsAtMs: number[] = [];
    const { retryPausesSeconds } = limits.postbacks;
    for (const pauseSeconds of [0, ...retryPausesSeconds, 90_000]) {
      await world.time.pass(pauseSeconds * 1_000 - 30_000);
      await notify(world, partners);
      await world.time.pass(31_000);
      const before = partners.got.length;
      await notify(world, partners);
      if (partners.got.length > before) attemptsAtMs.push(world.time.nowMs());
    }
    expect(partners.got).toHaveLength(8);
    expect(new Set(partners.got.map(({ idempotencyId }) => idempotencyId)).size).toBe(1);
    expect(deliveries(world)).toMatchObject([{ status: 'failed', attempts: 8, last: 'status 503' }]);
    expect(attemptEvents(world).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(attemptEvents(world).at(-1)).not.toHaveProperty('next_at');
  });

  test('obeys Retry-After where it is longer than the pause', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    partners.answer(1, { kind: 'failed', why: 'status', status: 503, retryAfterSeconds: 600, ms: 50 });
    await folded(world, [report(1, 1)]);
    await notify(world, partners);
    await world.time.pass(560_000);
    await notify(world, partners);
    expect(partners.got).toHaveLength(1);
    await world.time.pass(60_000);
    await notify(world, partners);
    expect(partners.got).toHaveLength(2);
  });

  test('a partner that hangs costs others nothing, and only some attempts a run', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1), postback(2)]);
    partners.answer(1, timeout);
    await folded(
      world,
      Array.from({ length: 300 }, (_, index) => report(index, index)),
    );
    const startMs = world.time.nowMs();
    let otherDoneMs = 0;
    partners.answer(2, () => {
      otherDoneMs = world.time.nowMs();
      return { kind: 'delivered', status: 200, ms: 50 };
    });
    await notify(world, partners);
    expect(partners.toldTo(2)).toHaveLength(300);
    expect(otherDoneMs - startMs).toBeLessThan(5_000);
    expect(partners.toldTo(1).length).toBeLessThanOrEqual(2 * limits.notify.connectionsPerHost.windowStart);
    partners.answer(1, { kind: 'delivered', status: 200, ms: 50 });
    for (let run = 0; run < 5; run += 1) {
      await world.time.pass(minuteMs);
      await notify(world, partners);
    }
    expect(new Set(partners.toldTo(1)).size).toBe(300);
    expect(deliveries(world).every(({ status }) => status === 'delivered')).toBe(true);
  });

  test('suspends a postback after ten failures in a row that span a day', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1), postback(2)]);
    partners.answer(1, unavailable);
    const before = 12;
    for (let hours = 0; hours <= 26; hours += 2) {
      await folded(world, [report(hours, hours, {}, world.time.nowMs())]);
      await notify(world, partners);
      await world.time.pass(2 * 60 * minuteMs);
    }
    expect(world.recorder.of(metrics.postbacksSuspended)).toBe(1);
    const attempts = partners.toldTo(1).length;
    const last = report(99, 99, {}, world.time.nowMs());
    await folded(world, [last]);
    await notify(world, partners);
    expect(partners.toldTo(1)).toHaveLength(attempts);
    expect(attempts).toBeGreaterThan(before);
    expect(partners.toldTo(2).at(-1)).toBe(idOf(last));
    const held = deliveries(world).filter(({ line, postbackId }) => line.firstId === idOf(last) && postbackId === 1);
    expect(held).toMatchObject([{ status: 'failed', attempts: 0, last: 'suspended' }]);
  });
});

describe('notify, when a part of AWS or a run dies', () => {
  test('the peer’s bucket is down: delivers, and copies the state later', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    await folded(world, [report(1, 1)]);
    const { id } = world.board.add(bucketDown(peer));
    expect(await notify(world, partners)).toMatchObject({ delivered: 1, dueMinutes: 1 });
    world.board.remove(id);
    await world.time.pass(limits.postbacks.copyPauseMs);
    expect(await notify(world, partners)).toMatchObject({ delivered: 0, dueMinutes: 0 });
    expect(deliveries(world, peer)).toMatchObject([{ status: 'delivered' }]);
  });

  test('no intake queue takes the events: the function’s log has them, and delivery goes on', async () => {
    const world = worldWith(sqsFails('SendMessage'));
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    await folded(world, [report(1, 1)]);
    expect(await notify(world, partners)).toMatchObject({ delivered: 1 });
    expect(world.recorder.of(metrics.unconfirmed)).toBe(1);
  });

  test('a run that dies at any step repeats at most what it had not noted, after its lease', async () => {
    let isDead = true;
    for (let diesAtStep = 1; isDead; diesAtStep += 1) {
      const world = worldWith();
      const partners = new Partners(world);
      publish(world, [postback(1)]);
      outboxHas(world, [1, 2, 3]);
      isDead = (await notify(world, partners, home, { diesAtStep })) === 'died';
      await world.time.pass(limits.notify.timeoutSeconds * 1_000);
      await notify(world, partners);
      expect(new Set(partners.toldTo(1)).size).toBe(3);
      expect(partners.got.length).toBeLessThanOrEqual(6);
      expect(deliveries(world)).toMatchObject(Array.from({ length: 3 }, () => ({ status: 'delivered' })));
    }
  });
});

describe('notify, in both regions', () => {
  test('the second region sends nothing while the first one does', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    for (let minute = 0; minute < 40; minute += 1) {
      if (minute < 20) await folded(world, [report(minute, minute, {}, world.time.nowMs())]);
      await Promise.all([notify(world, partners, home), notify(world, partners, peer)]);
      await world.time.pass(minuteMs);
    }
    expect(partners.got).toHaveLength(20);
    expect(await notify(world, partners, peer)).toMatchObject({ dueMinutes: 0 });
  });

  test('the first region is dead: the second one sends what nobody has noted as sent', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    await folded(world, [report(1, 1)]);
    await notify(world, partners, home);
    const lost = report(2, 2);
    await folded(world, [lost]);
    world.board.add({ ...bucketDown(home) });
    for (let minute = 0; minute < 17; minute += 1) {
      await world.time.pass(minuteMs);
      await notify(world, partners, peer);
    }
    expect(partners.got).toHaveLength(2);
    expect(partners.toldTo(1)[1]).toBe(idOf(lost));
    const later = report(3, 3, {}, world.time.nowMs());
    await folded(world, [later]);
    await notify(world, partners, peer);
    expect(partners.toldTo(1)[2]).toBe(idOf(later));
  });

  test('the first region comes back and sends nothing again', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    await folded(world, [report(1, 1)]);
    const { id } = world.board.add(bucketDown(home));
    for (let minute = 0; minute < 17; minute += 1) {
      await world.time.pass(minuteMs);
      await notify(world, partners, peer);
    }
    expect(partners.got).toHaveLength(1);
    world.board.remove(id);
    await notify(world, partners, home);
    expect(partners.got).toHaveLength(1);
    expect(deliveries(world, home)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  });

  test('both regions send at the same moment: one of them waits for the other', async () => {
    const world = worldWith();
    const partners = new Partners(world);
    publish(world, [postback(1)]);
    await folded(
      world,
      Array.from({ length: 20 }, (_, index) => report(index, index)),
    );
    await world.time.pass(limits.postbacks.takeoverMs);
    await Promise.all([notify(world, partners, home), notify(world, partners, peer)]);
    await notify(world, partners, home);
    expect(partners.got).toHaveLength(20);
  });
});
