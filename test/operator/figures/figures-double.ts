import { figuresObject } from '../../../core/figures/figures-object.ts';
import { claimFirstWrite } from '../../../core/figures/first-conversion.ts';
import type { Counters, FiguresRow, RowKey } from '../../../core/figures/row.ts';
import { counterTotals } from '../../../core/figures/row-sum.ts';
import { type DayState, type DayUniques, encodeDayState, uniquesObject } from '../../../core/ledger/day-state.ts';
import { encodeHourState, figuresDigestOf, type HourState, quarterCount } from '../../../core/ledger/hour-state.ts';
import { dayStateKey, dayUniquesKey, figuresKey, hourStateKey } from '../../../core/ledger/object-keys.ts';
import { hourMs, parseHourName } from '../../../core/log/log-key.ts';
import type { Answer, Clock, Fetched, ListingPage, StoredObject, TableItem, TableKey } from '../../../core/ports.ts';
import { FiguresReader } from '../../../operator/figures/figures-reader.ts';

export const retentionDays = 1_095;

export const stillClock: Clock = { nowMs: () => 0, sleep: async () => {} };

function key(changes: Partial<RowKey> = {}): RowKey {
  return {
    hour: '2026-11-23T04',
    quarter: 0,
    offerId: 15,
    affiliateId: 2,
    goalId: 0,
    region: 'us-east-1',
    currency: 'USD',
    ...changes,
  };
}

export function row(changes: Partial<RowKey>, counters: Counters): FiguresRow {
  return { key: key(changes), counters };
}

/** A final state without rows. */
export function state(hour: string, changes: Partial<HourState> = {}): HourState {
  const part = { figures: '', sources: '', totals: {} };
  const quarter = { clicks: part, sales: part, events: 0, unknown: 0, redacted: 0 };
  return {
    ...{
      hour,
      revision: 1,
      cause: 'closed',
      atMs: 0,
      foldedToMs: parseHourName(hour) + hourMs,
      rules: 2,
      generation: 2,
    },
    ...{ listing: '', segments: 4, keys: '', received: '', faults: 0, unreadable: [], unresolved: 0 },
    ...{ quarters: Array.from({ length: quarterCount }, () => quarter), minutes: [], figuresDigest: '' },
    ...{ events: 100, unknown: 0, redacted: 0, totals: {}, accounting: { missing: 0, gaps: [] } },
    ...changes,
  };
}

/** The figures of one region in memory, as `stats` and `ledger` leave them. */
export class FiguresDouble {
  readonly region: string;
  readonly objects = new Map<string, Uint8Array>();
  /** Keys that were read, in order. */
  readonly reads: string[] = [];
  readonly #index = new Map<string, TableItem>();
  /** The answer to every call while it is set. */
  answer?: Answer | undefined;
  /** Is called before each read. */
  beforeRead: (key: string) => void = () => {};

  constructor(region = 'us-east-1') {
    this.region = region;
  }

  /** Replaces the figures of the rows' hour. */
  count(hour: string, rows: readonly FiguresRow[], changes: Partial<HourState> = {}): HourState {
    const quarters = Array.from({ length: quarterCount }, (_, quarter) => {
      const ofQuarter = rows.filter((one) => one.key.quarter === quarter);
      const { digest, gzip } = figuresObject(ofQuarter);
      if (ofQuarter.length > 0) this.objects.set(figuresKey(parseHourName(hour), digest), gzip);
      const figures = ofQuarter.length > 0 ? digest : '';
      const clicks = { figures, sources: '', totals: counterTotals(ofQuarter) };
      const sales = { figures: '', sources: '', totals: {} };
      return { clicks, sales, events: 0, unknown: 0, redacted: 0 };
    });
    const made = state(hour, { quarters, figuresDigest: figuresDigestOf(quarters), ...changes });
    this.objects.set(hourStateKey(parseHourName(hour)), encodeHourState(made));
    return made;
  }

  countDay(
    day: string,
    uniques: readonly DayUniques[],
    changes: Partial<DayState> = {},
    payable: readonly FiguresRow[] = [],
  ): void {
    const { digest, gzip } = uniquesObject({ uniques, payable });
    this.objects.set(dayUniquesKey(day, digest), gzip);
    const made = { day, timeZone: 'UTC', atMs: 0, sources: '', uniques: digest, isWhole: true, ...changes };
    this.objects.set(dayStateKey(day), encodeDayState(made));
  }

  /** Says to the conversion index which conversion of a key is the first. */
  setFirst(conversionKey: string, id: string): void {
    const { key: at, set } = claimFirstWrite(conversionKey, id, undefined);
    this.#index.set(at.pk, { ...at, ...set });
  }

  reader(clock: Clock = stillClock): FiguresReader {
    const index = { get: (keys: readonly TableKey[]) => this.#items(keys) };
    return new FiguresReader({ region: this.region, bucket: this, index, retentionDays }, clock);
  }

  async get(objectKey: string): Promise<Fetched<StoredObject>> {
    this.beforeRead(objectKey);
    this.reads.push(objectKey);
    if (this.answer) return { kind: 'failed', answer: this.answer };
    const body = this.objects.get(objectKey);
    return body ? { kind: 'ok', value: { body, etag: '' } } : { kind: 'failed', answer: missing };
  }

  async list(prefix: string, _budgetMs: number, after = ''): Promise<Fetched<ListingPage>> {
    if (this.answer) return { kind: 'failed', answer: this.answer };
    const keys = [...this.objects.keys()].filter((one) => one.startsWith(prefix) && one > after).sort();
    return { kind: 'ok', value: { keys, etags: [], sizesBytes: [] } };
  }

  async #items(keys: readonly TableKey[]): Promise<Fetched<readonly TableItem[]>> {
    if (this.answer) return { kind: 'failed', answer: this.answer };
    return { kind: 'ok', value: keys.map(({ pk }) => this.#index.get(pk)).filter((item) => item !== undefined) };
  }
}

const missing: Answer = { status: 404, code: 'NoSuchKey' };
