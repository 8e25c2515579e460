import type { Catalog } from '../../core/catalog/catalog.ts';
import { conversionKeyOf } from '../../core/conversions/conversion-events.ts';
import { type ConversionHistory, conversionHistory } from '../../core/conversions/conversion-history.ts';
import type { OperatorKeys } from '../../core/keys/operator-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { FiguresFailure, type FiguresReader } from '../figures/figures-reader.ts';
import { type ConversionReference, candidateKeys, hoursToSearch, mayMeanSeveral } from './conversion-reference.ts';
import { type ConversionSource, ConversionsUnreadable, type EventsByKey } from './conversion-source.ts';
import type { AddOverCaps } from './over-caps.ts';

/** What conversions are found with. */
export interface ConversionsPlace {
  readonly source: ConversionSource;
  /** Readers of the regions' indexes of conversions. */
  readonly indexes: readonly Pick<FiguresReader, 'firstConversions'>[];
  readonly keys: OperatorKeys;
  readonly addOverCaps: AddOverCaps;
  /** Names the goals of an offer. */
  readonly catalog: Catalog | undefined;
}

/** What one reference may mean. */
export interface FoundConversions {
  /** None, one or several. */
  readonly histories: readonly ConversionHistory[];
  /** The click can have further conversions, with ids of the advertiser's own. */
  readonly mayBeMore: boolean;
  /** Whether the hours after the click were searched for conversions that no key finds. */
  readonly isSearched: boolean;
}

/**
 * For each reference the conversions that it may mean. What the keys of known goals do not find is searched in the hours
 * after the clicks, unless these are too many. Throws a ConversionsUnreadable.
 */
export async function searchConversions(
  references: readonly ConversionReference[],
  place: ConversionsPlace,
  nowMs: number,
): Promise<readonly FoundConversions[]> {
  const byKeys = await findConversions(references, place);
  const found = references.map((reference, index) => {
    const histories = byKeys[index] ?? [];
    return { reference, histories, mayBeMore: mayMeanSeveral(reference, place.catalog) };
  });
  const open = found.filter(({ histories, mayBeMore }) => histories.length === 0 || mayBeMore);
  const searched = await searchHours(
    open.map(({ reference }) => reference),
    place,
    nowMs,
  );
  const all = found.map(({ reference, histories, mayBeMore }) => {
    const more = searched?.get(reference) ?? [];
    const keys = new Set(histories.map(({ key }) => key));
    return {
      histories: [...histories, ...more.filter(({ key }) => !keys.has(key))],
      mayBeMore,
      isSearched: searched?.has(reference) ?? false,
    };
  });
  const known = await place.addOverCaps(all.flatMap(({ histories }) => histories));
  const byKey = new Map(known.map((history) => [history.key, history]));
  return all.map((one) => ({ ...one, histories: one.histories.map((history) => byKey.get(history.key) ?? history) }));
}

/** By reference, the conversions of its transaction. Undefined when these are too many hours. */
async function searchHours(
  references: readonly ConversionReference[],
  { source, keys }: ConversionsPlace,
  nowMs: number,
): Promise<ReadonlyMap<ConversionReference, readonly ConversionHistory[]> | undefined> {
  const hours = new Set(references.flatMap((reference) => hoursToSearch(reference, nowMs)));
  if (hours.size > limits.decisions.searchHoursMax) return undefined;
  const byTransaction = new Map<string, ConversionHistory[]>();
  for (const reference of references) {
    const isSearched = hoursToSearch(reference, nowMs).length > 0;
    if (reference.kind === 'transaction' && isSearched) byTransaction.set(reference.transactionId, []);
  }
  await source.ofHours(
    [...hours].sort((one, other) => one - other),
    (events) => {
      for (const history of historiesIn(events, keys).values()) {
        byTransaction.get(`${history.first['txn']}`)?.push(history);
      }
    },
  );
  return new Map(
    references.flatMap((reference) => {
      const histories = reference.kind === 'transaction' && byTransaction.get(reference.transactionId);
      return histories ? [[reference, histories] as const] : [];
    }),
  );
}

/** For each reference the conversions that the keys of known goals find: none, one or several. */
export async function findConversions(
  references: readonly ConversionReference[],
  place: ConversionsPlace,
): Promise<readonly (readonly ConversionHistory[])[]> {
  const keysOfEvents = await keysByEvent(references, place);
  const keysOf = (reference: ConversionReference): readonly string[] => {
    if (reference.kind === 'key') return [reference.key];
    if (reference.kind === 'event') return [keysOfEvents.get(reference.eventId) ?? []].flat();
    return candidateKeys(reference, place.catalog);
  };
  const asked = references.map(keysOf);
  const idsByKey = new Map([...keysOfEvents].map(([id, key]) => [key, id]));
  const histories = await historiesOf([...new Set(asked.flat())], idsByKey, place);
  return asked.map((keys) => [...new Set(keys)].flatMap((key) => histories.get(key) ?? []));
}

async function keysByEvent(
  references: readonly ConversionReference[],
  { source }: ConversionsPlace,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(references.flatMap((one) => (one.kind === 'event' ? [one.eventId] : [])));
  if (ids.size === 0) return new Map();
  const found = await source.withIds(ids);
  return new Map(
    found.flatMap((event): [string, string][] => {
      const key = conversionKeyOf(event);
      return key === undefined ? [] : [[event.id, key]];
    }),
  );
}

/** A report that the index does not know yet may be found by its own id. */
async function historiesOf(
  keys: readonly string[],
  idsByKey: ReadonlyMap<string, string>,
  { source, indexes, keys: operatorKeys }: ConversionsPlace,
): Promise<ReadonlyMap<string, ConversionHistory>> {
  const firsts = new Map([...idsByKey, ...(await firstIds(indexes, keys))]);
  const histories = historiesIn(await source.ofKeys(firsts), operatorKeys);
  // Long after a conversion its key can begin another one. An event names the conversion that has it.
  const others = [...idsByKey].filter(([key, id]) => !histories.get(key)?.events.some(({ event }) => event.id === id));
  const ofEvents = historiesIn(await source.ofKeys(new Map(others)), operatorKeys);
  const unfound = others.filter(([key]) => !ofEvents.has(key)).map(([key]) => key);
  const found = [...histories].filter(([key]) => !unfound.includes(key));
  return new Map([...found, ...ofEvents]);
}

/** By key. Events without a report that can be first make no conversion. */
export function historiesIn(events: EventsByKey, keys: OperatorKeys): ReadonlyMap<string, ConversionHistory> {
  return new Map(
    [...events].flatMap(([key, ofKey]): [string, ConversionHistory][] => {
      const history = conversionHistory(key, ofKey, keys);
      return history ? [[key, history]] : [];
    }),
  );
}

/** As few keys at once as the index answers within one question's time. */
const keysAtOnce = 500;

/**
 * By key, the id of the first report. A key that one region's index does not know is looked up in the other's. Both are
 * asked at once, so that a dead region costs one wait.
 */
export async function firstIds(
  indexes: ConversionsPlace['indexes'],
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(indexes.map((index) => firstIdsIn(index, keys)));
  const known = answers.filter((answer) => typeof answer !== 'string');
  if (known.length === 0) throw new ConversionsUnreadable(answers.join('; '));
  return new Map(known.reverse().flatMap((firsts) => [...firsts]));
}

/** A text says why the index cannot be read. */
async function firstIdsIn(
  index: ConversionsPlace['indexes'][number],
  keys: readonly string[],
): Promise<ReadonlyMap<string, string> | string> {
  const firsts = new Map<string, string>();
  try {
    for (let from = 0; from < keys.length; from += keysAtOnce) {
      const found = await index.firstConversions(keys.slice(from, from + keysAtOnce));
      for (const [key, id] of found) firsts.set(key, id);
    }
    return firsts;
  } catch (error) {
    if (error instanceof FiguresFailure) return error.message;
    throw error;
  }
}
