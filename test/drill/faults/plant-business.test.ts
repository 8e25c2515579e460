import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogKey, makeSnapshot } from '../../../core/catalog/snapshot.ts';
import { encodeLine, type LoggedEvent } from '../../../core/event/event.ts';
import { toldAlerts } from '../../../drill/evidence/told-alerts.ts';
import { cappedSales, clicksWithoutSales } from '../../../drill/faults/plant-business.ts';
import { createAlertTask } from '../../../lambda/notify/alerts/alert-task.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import { createFunction, type SimulatedWorld } from '../../../simulation/world.ts';
import { contentFrom } from '../../core/tracking/ask.ts';
import { logSegments } from '../../lambda/figures-view.ts';
import { home, peer, worldWith } from '../../lambda/world-view.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';

const regions = [home, peer] as const;

test('the sample catalog has alerts for what a drill plants, and each is told once', async () => {
  const world = worldWith();
  const { text } = makeSnapshot(contentFrom(readFileSync('examples/catalog.yaml', 'utf8')));
  for (const region of regions) world.regions[region].bucket.put(catalogKey, Buffer.from(text));
  const look = lookingIn(world);
  const line = sampleLine(1, sampleMs, { offer_id: 1_500, aff_id: 1_001 });
  const click = { ...JSON.parse(line), id: idOf(line) } as LoggedEvent;
  await happens(world, clicksWithoutSales([click], sampleMs));
  expect(await look()).toEqual(['Alert 1']);
  await happens(world, cappedSales(850, home, sampleMs));
  expect(await look()).toEqual(['Alert 1', expect.stringContaining('Banner House is nearly reached')]);
  await happens(world, cappedSales(150, home, sampleMs + 1));
  expect(await look()).toEqual([
    'Alert 1',
    expect.stringContaining('Banner House is nearly reached'),
    expect.stringContaining('Banner House is reached'),
  ]);
  expect(await look()).toHaveLength(3);
});

/** The events are in both logs and counted. */
async function happens(world: SimulatedWorld, events: readonly LoggedEvent[]): Promise<void> {
  for (const region of regions) logSegments(world, events.map(encodeLine), region);
  for (const region of regions) await world.time.until(foldOnce(world, region));
}

/** Each look gives all that was told so far. */
function lookingIn(world: SimulatedWorld): () => Promise<readonly string[]> {
  const messages: { id: string; atMs: number; body: string }[] = [];
  const publish = async (_subject: string, body: string) => {
    messages.push({ id: '', atMs: 0, body });
    return { status: 200, code: '' };
  };
  const { notify } = createFunction({ world, home, functionName: 'notify' });
  const look = createAlertTask({ ...notify, topic: { publish }, deployment: 'clicks', timeZone: 'UTC' });
  return async () => {
    await world.time.until(look(90_000));
    return toldAlerts(messages);
  };
}
