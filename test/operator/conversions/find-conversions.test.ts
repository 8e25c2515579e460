import { describe, expect, test } from 'vitest';
import type { Offer } from '../../../core/catalog/catalog.ts';
import type { LoggedEvent } from '../../../core/event/event.ts';
import { mintTransactionId } from '../../../core/event/transaction-id.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourStart } from '../../../core/log/log-key.ts';
import { conversionKey } from '../../../core/tracking/conversion-key.ts';
import { noParameters } from '../../../core/tracking/input/parameters.ts';
import type { ConversionReference } from '../../../operator/conversions/conversion-reference.ts';
import { type ConversionsPlace, firstIds, searchConversions } from '../../../operator/conversions/find-conversions.ts';
import { ambiguityText, notFoundText } from '../../../operator/conversions/found-text.ts';
import { FiguresFailure } from '../../../operator/figures/figures-reader.ts';
import { keys, sampleCatalog } from '../../core/tracking/ask.ts';
import { operatorKeys } from '../../operator-lines.ts';
import { sampleMs } from '../../sample-lines.ts';
import { keyNumber, noOverCaps, report } from '../some-conversions.ts';

const transactionId = mintTransaction(sampleMs);
const defaultKey = conversionKey(transactionId, 0, false, noParameters);
const asked = { kind: 'transaction', transactionId } as const;
const nowMs = sampleMs + 5 * hourMs;

function mintTransaction(clickedAtMs: number): string {
  const identity = { clickedAtMs, region: 'us-east-1', offerId: 488, affiliateId: 7 };
  return mintTransactionId(identity, new Uint8Array(5), keys);
}

/** A conversion of the click, with a goal that the catalog does not know. */
const ofUnknownGoal = report(1, { txn: transactionId, status: 'pending', pending_for: 'goal-unknown' });
const ofDefaultGoal = report(2, { txn: transactionId, conversion_key: defaultKey });
const ofAnotherClick = report(3, { txn: mintTransaction(sampleMs - 1_000) });

/** What is known of these reports. Records the hours that are read one by one. */
function placeWith(known: readonly LoggedEvent[], changes: Partial<ConversionsPlace> = {}) {
  const hoursRead: number[] = [];
  const byKey = new Map(known.map((event) => [`${event['conversion_key']}`, event]));
  const place: ConversionsPlace = {
    addOverCaps: noOverCaps,
    source: {
      withIds: async (ids) => known.filter(({ id }) => ids.has(id)),
      ofKeys: async (firsts) =>
        new Map([...byKey].filter(([key]) => firsts.has(key)).map(([key, one]) => [key, [one]])),
      ofHours: async (hours, take) => {
        hoursRead.push(...hours);
        take(new Map([...byKey].map(([key, one]) => [key, [one]])));
      },
      adjustmentsOf: async () => [],
    },
    indexes: [{ firstConversions: async (asked) => new Map(asked.flatMap((key) => firstOf(byKey.get(key), key))) }],
    keys: operatorKeys,
    catalog: oneAllowed,
    ...changes,
  };
  return { place, hoursRead };
}

function firstOf(event: LoggedEvent | undefined, key: string): [string, string][] {
  return event ? [[key, event.id]] : [];
}

const offer = sampleCatalog.offers.get(488) as Offer;
const oneAllowed = { ...sampleCatalog, offers: new Map([[488, { ...offer, goals: [] }]]) };
const several = { ...offer, allow_multiple_conversions: true };
const severalAllowed = { ...sampleCatalog, offers: new Map([[488, several]]) };

describe('a transaction', () => {
  test('whose keys find a conversion is not searched', async () => {
    const { place, hoursRead } = placeWith([ofDefaultGoal, ofAnotherClick]);
    const [found] = await searchConversions([asked], place, nowMs);
    expect(found?.histories.map(({ key }) => key)).toEqual([defaultKey]);
    expect([found?.mayBeMore, hoursRead]).toEqual([false, []]);
    expect(found && ambiguityText(found)).toBeUndefined();
  });

  test('with an unknown goal is found in the hours from its click on', async () => {
    const { place, hoursRead } = placeWith([ofUnknownGoal, ofAnotherClick]);
    const [found] = await searchConversions([asked], place, nowMs);
    expect(found?.histories.map(({ key }) => key)).toEqual([keyNumber(1)]);
    expect(hoursRead).toEqual([0, 1, 2, 3, 4, 5].map((hours) => hourStart(sampleMs) + hours * hourMs));
  });

  test('that nobody knows says what was searched', async () => {
    const { place, hoursRead } = placeWith([]);
    const [found] = await searchConversions([asked], place, nowMs + 9 * 24 * hourMs);
    expect(hoursRead).toHaveLength(limits.decisions.searchHoursAfterClick);
    expect(found && notFoundText(asked, found)).toBe(
      'no such conversion is known, also not within 72 hours after its click; name one of an unknown goal by an event id or by its conversion key; what came in within the last minutes may be missing',
    );
  });

  test('of many is not searched when that takes too many hours', async () => {
    const { place, hoursRead } = placeWith([]);
    const many = [0, 4, 8].map((days): ConversionReference => {
      return { kind: 'transaction', transactionId: mintTransaction(sampleMs + days * 24 * hourMs) };
    });
    const found = await searchConversions(many, place, nowMs + 20 * 24 * hourMs);
    expect([hoursRead, found.map(({ isSearched }) => isSearched)]).toEqual([[], [false, false, false]]);
  });

  test('of an offer that allows several never means the default one alone', async () => {
    const { place } = placeWith([ofDefaultGoal], { catalog: severalAllowed });
    const [found] = await searchConversions([asked], place, nowMs);
    expect(found && ambiguityText(found)).toBe(
      `the transaction has at least 1 conversion: name one of ${defaultKey} (goal 0); in a file, goal_id names the goal, and conversion_unique_id an order of a goal that allows several`,
    );
    const [named] = await searchConversions([{ kind: 'key', key: defaultKey }], place, nowMs);
    expect(named && ambiguityText(named)).toBeUndefined();
  });

  test('of an offer of which one goal allows several means the default goal when a file says so', async () => {
    const { place } = placeWith([ofDefaultGoal], { catalog: sampleCatalog });
    const found = await searchConversions([asked, { ...asked, goalId: 0 }], place, nowMs);
    expect(found.map((one) => ambiguityText(one) === undefined)).toEqual([false, true]);
  });

  test('of which a file names the order is not searched', async () => {
    const { place, hoursRead } = placeWith([], { catalog: severalAllowed });
    const [found] = await searchConversions([{ ...asked, uniqueId: 'order 1' }], place, nowMs);
    expect([found?.histories, found?.mayBeMore, hoursRead]).toEqual([[], false, []]);
  });
});

describe('the indexes', () => {
  const dead = {
    firstConversions: async () => {
      throw new FiguresFailure('the conversion index of us-east-1 cannot be read (no answer in time)');
    },
  };

  test('answer for one another', async () => {
    const { place } = placeWith([ofDefaultGoal]);
    const known = [dead, ...place.indexes];
    expect(await firstIds(known, [defaultKey])).toEqual(new Map([[defaultKey, ofDefaultGoal.id]]));
  });

  test('that are both dead find nothing, and say so', async () => {
    await expect(firstIds([dead, dead], [defaultKey])).rejects.toThrow(/cannot be read .*; the conversion index/);
  });
});
