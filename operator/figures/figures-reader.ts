import { answerText, asksForLess, callOutcome } from '../../core/call-outcome.ts';
import { type DayCaps, type OverCapConversion, readDayCaps } from '../../core/caps/day-caps.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { readConversions, readFirsts } from '../../core/figures/conversion-block.ts';
import { readFiguresObject } from '../../core/figures/figures-object.ts';
import { firstConversionKey, firstConversionOf } from '../../core/figures/first-conversion.ts';
import type { FiguresRow } from '../../core/figures/row.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type DayUniques, parseDayState, readUniquesObject } from '../../core/ledger/day-state.ts';
import { type HourState, parseHourState, partsOf } from '../../core/ledger/hour-state.ts';
import {
  dayCapsKey,
  dayStateKey,
  dayUniquesKey,
  figuresKey,
  hourOfFigures,
  hourStateKey,
  hoursPrefix,
  parseFoldKey,
  publishedPrefix,
  receivedPrefix,
} from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourMs, parseHourName } from '../../core/log/log-key.ts';
import type { Bucket, Clock, Fetched, Table } from '../../core/ports.ts';
import { listWhole } from '../../eventlog/list-hour.ts';
import { utcHour } from '../cli/format.ts';

/** The figures of a region could not be read. The message names the region and the reason. */
export class FiguresFailure extends Error {}

/** Where a region keeps its figures. */
export interface FiguresPlace {
  readonly region: string;
  /** The bucket of the region's log. */
  readonly bucket: Pick<Bucket, 'get' | 'list'>;
  /** The table with the conversion index. */
  readonly index: Pick<Table, 'get'>;
  /** How long the region keeps figures. */
  readonly retentionDays: number;
}

/** What other minutes and hours left to one minute of an hour (core/figures/merge-sales.ts). */
export interface ReceivedSales {
  /** 0 to 59. */
  readonly minute: number;
  readonly later: readonly LoggedEvent[];
  readonly firsts: ReadonlyMap<string, string>;
}

/** The unique visitors of one day. */
export interface UniquesOfDay {
  readonly day: string;
  readonly timeZone: string;
  /** Whether every hour of the day was final. */
  readonly isWhole: boolean;
  readonly uniques: readonly DayUniques[];
  /** What the day as a whole adds to its hours: what offers owe that pay each visitor once, and what hard caps take out. */
  readonly payable: readonly FiguresRow[];
}

/**
 * Reads one region's figures and tries again when S3 or the table is busy. Each method throws a FiguresFailure when it
 * cannot read.
 */
export class FiguresReader {
  readonly region: string;
  readonly #place: FiguresPlace;
  readonly #clock: Clock;

  constructor(place: FiguresPlace, clock: Clock) {
    this.region = place.region;
    this.#place = place;
    this.#clock = clock;
  }

  /**
   * Whether figures of that moment have expired. Each object expires by its own age, and a state that was rewritten lives
   * longer than the rows that it names. So what is left of such figures is no whole, and must not be used.
   */
  hasExpired(atMs: number): boolean {
    return atMs <= this.#expiredToMs();
  }

  /** The first hour (UTC) that has rows, of those that have not expired. `stats` leaves states of empty hours too. */
  async firstHour(): Promise<string | undefined> {
    let after: string | undefined = publishedPrefix(this.#expiredToMs() + hourMs);
    while (after !== undefined) {
      const from: string = after;
      const listed = await this.#patiently(() => this.#place.bucket.list(hoursPrefix, lookMs, from), 'figures');
      const [first] = listed.keys.flatMap((key) => hourOfFigures(key) ?? []);
      if (first !== undefined) return first;
      after = listed.next;
    }
    return undefined;
  }

  #expiredToMs(): number {
    return this.#clock.nowMs() - this.#place.retentionDays * 24 * hourMs;
  }

  /** The states of these hours (UTC, `2026-11-23T05`), by hour. An hour that was never folded has none. */
  async hourStates(hours: readonly string[]): Promise<ReadonlyMap<string, HourState>> {
    const states = await inParallel(hours, readsAtOnce, (hour) => this.#hourState(hour));
    return new Map(states.flatMap((state) => (state === undefined ? [] : [[state.hour, state]])));
  }

  /**
   * The rows of these quarters (0 to 3) of an hour, as a state names them. Undefined when an object is gone: a later
   * state names others.
   */
  async rowsOf(
    { hour, quarters }: Pick<HourState, 'hour' | 'quarters'>,
    asked: readonly number[],
  ): Promise<readonly FiguresRow[] | undefined> {
    const parts = asked.flatMap((quarter) => (quarters[quarter] ? partsOf(quarters[quarter]) : []));
    const digests = parts.map(({ figures }) => figures).filter((digest) => digest !== '');
    const keys = digests.map((digest) => figuresKey(parseHourName(hour), digest));
    const objects = await Promise.all(keys.map((key) => this.#object(key)));
    if (objects.includes(undefined)) return undefined;
    return objects.flatMap((bytes, index) => this.#understood(keys[index] ?? '', bytes && readFiguresObject(bytes)));
  }

  /** What other minutes and hours left to an hour: one entry for each object. */
  async receivedSales(hour: string): Promise<readonly ReceivedSales[]> {
    const hourStartMs = parseHourName(hour);
    const bounds = { pagesMax: limits.fold.pagesMax, pageBudgetMs: lookMs };
    const list = () => listWhole(this.#place.bucket, receivedPrefix(hourStartMs), bounds);
    const listed = await this.#patiently(list, 'figures');
    const found = await inParallel(listed, readsAtOnce, async ({ key }): Promise<ReceivedSales | undefined> => {
      const object = parseFoldKey(hourStartMs, key);
      const bytes = object && (await this.#object(key));
      if (object === undefined || object.kind === 'group' || bytes === undefined) return undefined;
      const { minute } = object;
      if (object.kind === 'firsts') return { minute, later: [], firsts: this.#understood(key, readFirsts(bytes)) };
      return { minute, later: this.#understood(key, readConversions(bytes)), firsts: new Map() };
    });
    return found.filter((one) => one !== undefined);
  }

  /** Undefined for a day (`2026-11-23`) that was never counted, and for one that has expired. */
  async uniquesOf(day: string): Promise<UniquesOfDay | undefined> {
    if (this.hasExpired(Date.parse(day))) return undefined;
    for (let reading = 1; reading <= readingsMax; reading += 1) {
      const key = dayStateKey(day);
      const object = await this.#object(key);
      if (object === undefined) return undefined;
      const { timeZone, isWhole, uniques: digest, caps: ofCaps } = this.#understood(key, parseDayState(object));
      const uniquesKey = dayUniquesKey(day, digest);
      const gzip = await this.#object(uniquesKey);
      const caps = await this.#dayCaps(day, ofCaps?.object);
      if (gzip === undefined || caps === undefined) continue;
      const { uniques, payable } = this.#understood(uniquesKey, readUniquesObject(gzip));
      return { day, timeZone, isWhole, uniques, payable: [...payable, ...caps.rows] };
    }
    throw this.changing(`unique visitors of ${day}`);
  }

  /** The conversions of a day that are over a hard cap. */
  async overCapOf(day: string): Promise<readonly OverCapConversion[]> {
    for (let reading = 1; reading <= readingsMax; reading += 1) {
      const key = dayStateKey(day);
      const object = await this.#object(key);
      const state = object && this.#understood(key, parseDayState(object));
      const caps = await this.#dayCaps(day, state?.caps?.object);
      if (caps !== undefined) return caps.over;
    }
    throw this.changing(`caps of ${day}`);
  }

  /** Undefined when the object is gone: a later state names another one. */
  async #dayCaps(day: string, digest: string | undefined): Promise<DayCaps | undefined> {
    if (digest === undefined) return { rows: [], over: [] };
    const key = dayCapsKey(day, digest);
    const gzip = await this.#object(key);
    return gzip && this.#understood(key, readDayCaps(gzip));
  }

  /** The id of the first conversion of all hours, by conversion key. */
  async firstConversions(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (keys.length === 0) return new Map();
    const asked = keys.map(firstConversionKey);
    const items = await this.#patiently(() => this.#place.index.get(asked, lookMs), 'conversion index');
    const byPk = new Map(items.map((item) => [item['pk'], firstConversionOf(item)]));
    return new Map(
      keys.flatMap((key): [string, string][] => {
        const firstId = byPk.get(firstConversionKey(key).pk);
        return firstId === undefined ? [] : [[key, firstId]];
      }),
    );
  }

  /** The failure of a reader that finds other figures each time. */
  changing(what: string): FiguresFailure {
    return new FiguresFailure(`the ${what} in ${this.region} changed while they were read: run the command again`);
  }

  async #hourState(hour: string): Promise<HourState | undefined> {
    const key = hourStateKey(parseHourName(hour));
    const object = await this.#object(key);
    if (object === undefined) return undefined;
    const state = this.#understood(key, parseHourState(object));
    if (state.hour === hour) return state;
    throw new FiguresFailure(`${this.region}: ${key} names another hour, ${utcHour(state.hour)}`);
  }

  #understood<T>(key: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw new FiguresFailure(`${this.region}: ${key} cannot be understood: perhaps a later release wrote it`);
  }

  /** Undefined when there is no such object. */
  async #object(key: string): Promise<Uint8Array | undefined> {
    const get = async (): Promise<Fetched<Uint8Array | undefined>> => {
      const object = await this.#place.bucket.get(key, lookMs);
      if (object.kind === 'ok') return { kind: 'ok', value: object.value.body };
      return callOutcome(object.answer) === 'missing' ? { kind: 'ok', value: undefined } : object;
    };
    return this.#patiently(get, 'figures');
  }

  /** Tries again, with longer pauses, while the service throttles. Any other failure ends the call at once. */
  async #patiently<T>(call: () => Promise<Fetched<T>>, what: string): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await call();
      if (result.kind === 'ok') return result.value;
      if (attempt >= attemptsMax || !asksForLess(result.answer)) {
        throw new FiguresFailure(`the ${what} of ${this.region} cannot be read (${answerText(result.answer)})`);
      }
      await this.#clock.sleep(pauseMs * 2 ** attempt);
    }
  }
}

const { lookMs } = limits.operator;
const { attemptsMax, pauseMs, readsAtOnce, readingsMax } = limits.report;
