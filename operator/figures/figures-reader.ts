import { answerText, asksForLess } from '../../core/call-outcome.ts';
import {
  affiliateIndex,
  affiliatePk,
  directoryKey,
  firstConversionKey,
  hourStateKey,
  markerKey,
  offerPk,
} from '../../core/figures/table-keys.ts';
import { type FirstConversion, firstConversionsIn } from '../../core/ledger/first-conversion.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Clock, Fetched, Table, TableItem, TableKey, TableQuery } from '../../core/ports.ts';

/** The figures of a region could not be read; the message says whose, and why. */
export class FiguresFailure extends Error {}

/** Reads one region's table of figures, patiently with one that is busy. Whatever it cannot read is a FiguresFailure. */
export class FiguresReader {
  readonly region: string;
  readonly #table: Table;
  readonly #clock: Clock;

  constructor(region: string, table: Table, clock: Clock) {
    this.region = region;
    this.#table = table;
    this.#clock = clock;
  }

  /** Offers with rows on one of these days (UTC, `2026-11-23`), in order. */
  async offersOn(days: readonly string[]): Promise<readonly number[]> {
    const items = await this.#get(days.map(directoryKey));
    const offers = new Set(items.flatMap(({ offers }) => (Array.isArray(offers) ? offers.map(Number) : [])));
    return [...offers].sort((one, other) => one - other);
  }

  /** The items of those of these hours (UTC, `2026-11-23T05`) that were made final. */
  hourStates(hours: readonly string[]): Promise<readonly TableItem[]> {
    return this.#get(hours.map(hourStateKey));
  }

  /** What is known of conversions of these keys, by key. */
  async firstConversions(keys: readonly string[]): Promise<ReadonlyMap<string, FirstConversion>> {
    return firstConversionsIn(await this.#get(keys.map(firstConversionKey)), keys);
  }

  /** Ids of the segments of an hour that were counted as a whole. */
  async countedSegments(hour: string): Promise<ReadonlySet<string>> {
    const missing = new Map<string, number>();
    const { pk } = markerKey(hour, '', 0);
    for await (const items of this.rowsOf({ pk, from: '0', to: 'g' })) {
      for (const { sk, chunks } of items) {
        const [segmentId = ''] = `${sk}`.split('#');
        missing.set(segmentId, (missing.get(segmentId) ?? Number(chunks)) - 1);
      }
    }
    return new Set([...missing].filter(([, count]) => count === 0).map(([segmentId]) => segmentId));
  }

  /** Page by page. */
  async *rowsOf(query: TableQuery): AsyncGenerator<readonly TableItem[]> {
    let after: TableItem | undefined;
    do {
      const asked = after === undefined ? query : { ...query, after };
      const page = await this.#patiently(() => this.#table.query(asked, lookMs));
      yield page.items;
      after = page.next;
    } while (after !== undefined);
  }

  #get(keys: readonly TableKey[]): Promise<readonly TableItem[]> {
    return this.#patiently(() => this.#table.get(keys, lookMs));
  }

  /** A table that gets too much is asked again, more slowly; whoever gives no answer is not asked twice. */
  async #patiently<T>(call: () => Promise<Fetched<T>>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await call();
      if (result.kind === 'ok') return result.value;
      if (attempt >= attemptsMax || !asksForLess(result.answer)) {
        throw new FiguresFailure(`the figures of ${this.region} cannot be read (${answerText(result.answer)})`);
      }
      await this.#clock.sleep(pauseMs * 2 ** attempt);
    }
  }
}

const { lookMs } = limits.operator;
const { attemptsMax, pauseMs } = limits.report;

/** Rows of an offer whose hours lie between these two, both included; the uniques of whole days come with them. */
export function offerQuery(offerId: number, from: string, to: string): TableQuery {
  return { pk: offerPk(offerId), ...sortRange(from, to) };
}

/** The same of an affiliate, of all offers. */
export function affiliateQuery(affiliateId: number, from: string, to: string): TableQuery {
  return { pk: affiliatePk(affiliateId), index: affiliateIndex, ...sortRange(from, to) };
}

/** A day's uniques stand before its first hour, and `$` comes after `#`, with which an hour's rows go on. */
function sortRange(from: string, to: string) {
  const [day, hour] = from.split('T');
  return { from: `${hour === '00' ? day : from}#`, to: `${to}$` };
}
