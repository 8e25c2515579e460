import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EventFields, encodeLine } from '../../../core/event/event.ts';
import { uuidV7 } from '../../../core/event/uuid.ts';
import { parseRowNames } from '../../../core/figures/table-keys.ts';
import { countOnce } from '../../../simulation/functions.ts';
import type { SimulatedWorld } from '../../../simulation/world.ts';
import { captured } from '../../core/tracking/ask.ts';
import { items, logSegments } from '../figures-view.ts';
import { later, run } from '../ledger/ledger-view.ts';
import { home, worldWith } from '../world-view.ts';

/**
 * Anybody can follow links with ids that there are not, as many as they like. None of them may become a row of figures,
 * nor an offer in the directory of a day: an item of DynamoDB holds 400 KB, and without it nothing of that day is final.
 */

const idCount = 200;
const day = new Date(later).toISOString().slice(0, 10);

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

/** Counts provisionally, then finally; `offer affiliate` of the rows of each, and what the directory names. */
async function countedPlaces(world: SimulatedWorld, lines: readonly string[]) {
  logSegments(world, lines);
  await world.time.until(world.time.sleep(3_000));
  await world.time.until(countOnce(world, home));
  await run(world, home);
  const rows = items(world).flatMap(({ pk, sk }) => parseRowNames({ pk: `${pk}`, sk: `${sk}` }) ?? []);
  const placesOf = (kind: string) =>
    rows.flatMap((row) => (row.kind === kind && 'key' in row ? [`${row.key.offerId} ${row.key.affiliateId}`] : []));
  const directory = items(world).find(({ pk }) => pk === `directory#${day}`);
  return { provisional: placesOf('provisional'), final: placesOf('final'), directory: directory?.['offers'] };
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
  expect(await countedPlaces(worldWith(), linesOf(link))).toEqual({
    provisional: [place],
    final: [place],
    directory: [BigInt(offer ?? 0)],
  });
});

test('previews of such links make one row too', async () => {
  const lines = linesOf('/aff_c?offer_id=*&aff_id=*', 'WhatsApp/2.23');
  const counted = await countedPlaces(worldWith(), lines);
  expect(counted).toEqual({ provisional: ['0 0'], final: ['0 0'], directory: [0n] });
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
  expect(counted).toMatchObject({ provisional: places, final: places, directory: [0n, 1500n] });
});
