import { expect, test } from 'vitest';
import { outboxPrefix } from '../../../core/postbacks/outbox-key.ts';
import { idOf, sampleMs } from '../../sample-lines.ts';
import { bucketDown, home, worldWith } from '../world-view.ts';
import { deliveries, folded, notify, outboxHas, Partners, postback, publish, report } from './notify-scene.ts';

const minuteMs = 60_000;

test('home’s bucket fails while an attempt is under way: the run ends after the attempt', async () => {
  const world = worldWith();
  const partners = new Partners(world);
  publish(world, [postback(1)]);
  outboxHas(world, [1]);
  partners.answer(1, () => {
    world.board.add(bucketDown(home));
    return { kind: 'delivered', status: 200, ms: 10_000 };
  });
  let underWay = 0;
  const { send, openFacts } = partners.ports;
  const counting: typeof send = async (...call) => {
    underWay += 1;
    const outcome = await send(...call);
    underWay -= 1;
    return outcome;
  };
  const report = await notify(world, partners, home, { partners: { send: counting, openFacts } });
  expect(report).toMatchObject({ outcome: 'left' });
  expect([partners.got.length, underWay]).toEqual([1, 0]);
});

test('a slow partner has a backlog in more minutes than a run works on: once all had a look, others are told in the next run', async () => {
  const world = worldWith();
  const partners = new Partners(world);
  publish(world, [postback(1, { affiliate_id: 7 }), postback(2, { affiliate_id: 8 })]);
  partners.answer(1, { kind: 'delivered', status: 200, ms: 9_000 });
  const backlog = Array.from({ length: 40 * 25 }, (_, which) =>
    report(which, which, {}, sampleMs + Math.floor(which / 25) * minuteMs),
  );
  await world.time.pass(40 * minuteMs);
  await folded(world, backlog);
  for (let run = 0; run < 3; run += 1) await notify(world, partners);
  const other = report(2_000, 2_000, { aff_id: 8 }, world.time.nowMs());
  await folded(world, [other]);
  await notify(world, partners);
  expect(partners.toldTo(2)).toEqual([idOf(other)]);
  const waiting = deliveries(world).filter(({ status }) => status === 'due');
  expect(waiting.length).toBeGreaterThan(0);
});

test('an outbox object that is damaged is told to the operator, and holds up nothing', async () => {
  const world = worldWith();
  const partners = new Partners(world);
  publish(world, [postback(1)]);
  outboxHas(world, [1]);
  const { bucket } = world.regions[home];
  for (const key of bucket.keys(outboxPrefix)) bucket.put(key, Buffer.from('damaged'));
  await world.time.pass(1);
  outboxHas(world, [2]);
  expect(await notify(world, partners)).toMatchObject({ outcome: 'done', delivered: 1, dueMinutes: 0 });
});
