import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EventFields, encodeLine } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { foldOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { captured } from '../../core/tracking/ask.ts';
import { logSegments, rowsOf, stateOf } from '../figures-view.ts';
import { later, run } from '../ledger/ledger-view.ts';
import { home, worldWith } from '../world-view.ts';

/**
 * Anybody can follow links with ids that do not exist, as many as they like. None of them may become a row of figures:
 * such rows would fill the objects that every report reads.
 */

const idCount = 200;

function lineOf(seq: number, type: string, fields: EventFields): string {
  const id = uuidV7(later + seq, createHash('sha256').update(`${type}${seq}`).digest());
  return encodeLine({ v: 1, id, type: type as 'click', at: later + seq, region: home, ...fields });
}

function linesOf(link: string, userAgent = 'Firefox'): readonly string[] {
  return Array.from({ length: idCount }, (_, seq) => {
    const { type, fields } = captured(link.replace('*', String(2_000_000_000 + seq)), { userAgent });
    return lineOf(seq, type, fields);
  });
}

/** `offer affiliate` of each provisional row, and then of each final row. */
async function countedPlaces(world: SimulatedWorld, lines: readonly string[]) {
  logSegments(world, lines);
  await world.time.until(foldOnce(world, home));
  const provisional = placesOf(world);
  await run(world, home);
  return { provisional, final: placesOf(world) };
}

function placesOf(world: SimulatedWorld): readonly string[] {
  const state = stateOf(world, later);
  const rows = state ? rowsOf(world, state) : [];
  return rows.map(({ key }) => `${key.offerId} ${key.affiliateId}`);
}

test.each([
  ['offers that there are not', '/aff_c?offer_id=*&aff_id=1001', [0, 1001]],
  ['the same, as impressions', '/aff_i?offer_id=*&aff_id=1001', [0, 1001]],
  ['offers and affiliates that there are not', '/aff_c?offer_id=*&aff_id=*', [0, 0]],
  ['affiliates that there are not', '/aff_c?offer_id=1500&aff_id=*', [1500, 0]],
  ['the same, as impressions', '/aff_i?offer_id=1500&aff_id=*', [1500, 0]],
  ['affiliates like that on an offer that hands its clicks on', '/aff_c?offer_id=90&aff_id=*', [90, 0]],
  ['affiliates like that on an offer that nobody takes', '/aff_c?offer_id=84&aff_id=*', [84, 0]],
  ['the same, as impressions', '/aff_i?offer_id=84&aff_id=*', [84, 0]],
  ['affiliates like that without an offer', '/aff_c?aff_id=*', [0, 0]],
])('links that name %s make one row: %s', async (_, link, [offer, affiliate]) => {
  const place = `${offer} ${affiliate}`;
  expect(await countedPlaces(worldWith(), linesOf(link))).toEqual({ provisional: [place], final: [place] });
});

test('previews of such links make one row too', async () => {
  const lines = linesOf('/aff_c?offer_id=*&aff_id=*', 'WhatsApp/2.23');
  const counted = await countedPlaces(worldWith(), lines);
  expect(counted).toEqual({ provisional: ['0 0'], final: ['0 0'] });
});

test('and so do lines of the release before, which name by number what there is not', async () => {
  const lines = Array.from({ length: idCount }, (_, seq) => {
    const id = 2_000_000_000 + seq;
    const unknown = seq % 2 === 0 ? 'offer' : 'affiliate';
    const place = unknown === 'offer' ? { offer_id: id, aff_id: 1001 } : { offer_id: 1500, aff_id: id };
    return lineOf(seq, 'click', { ...place, reason: `${unknown}-unknown` });
  });
  const places = ['0 1001', '1500 0'];
  const counted = await countedPlaces(worldWith(), lines);
  expect(counted).toMatchObject({ provisional: places, final: places });
});

test('reports that name made-up goals of an offer that the catalog has lost make one row', async () => {
  const lines = Array.from({ length: idCount }, (_, seq) =>
    lineOf(seq, 'conversion', { offer_id: 1500, aff_id: 1001, goal_id: 7_000 + seq, pending_for: 'offer-unknown' }),
  );
  expect(await countedPlaces(worldWith(), lines)).toEqual({ provisional: ['1500 1001'], final: ['1500 1001'] });
});
