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

/** The figures of a region could not be read. The message names the region and the reason. */
export class FiguresFailure extends Error {}

/**
 * Reads one region's table of figures and tries again when the table is busy. Throws a FiguresFailure when it cannot
 * read.
 */
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

  /** The state items of these hours (UTC, `2026-11-23T05`). Only hours that were made final have one. */
  hourStates(hours: readonly string[]): Promise<readonly TableItem[]> {
    return this.#get(hours.map(hourStateKey));
  }

  /** The first conversions with these conversion keys, by key. */
  async firstConversions(keys: readonly string[]): Promise<ReadonlyMap<string, FirstConversion>> {
    return firstConversionsIn(await this.#get(keys.map(firstConversionKey)), keys);
  }

  /** The ids of an hour's segments whose chunks are all counted. */
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

  /** Yields one page of rows at a time. */
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

  /** Tries again, with longer pauses, while the table throttles. Any other failure ends the call at once. */
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

/**
 * An offer's rows from the hour `from` to the hour `to`, both included. The day uniques of these days come with them.
 */
export function offerQuery(offerId: number, from: string, to: string): TableQuery {
  return { pk: offerPk(offerId), ...sortRange(from, to) };
}

/** The same for an affiliate, over all offers. */
export function affiliateQuery(affiliateId: number, from: string, to: string): TableQuery {
  return { pk: affiliatePk(affiliateId), index: affiliateIndex, ...sortRange(from, to) };
}

/**
 * A day's uniques sort before the day's first hour. In the rows of an hour `#` follows the hour; `$` sorts after `#`.
 */
function sortRange(from: string, to: string) {
  const [day, hour] = from.split('T');
  return { from: `${hour === '00' ? day : from}#`, to: `${to}$` };
}
