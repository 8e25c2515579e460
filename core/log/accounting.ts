import { type SequenceMark, sequenceMark } from '../event/sequence.ts';
import { hourStart } from './log-key.ts';

/**
 * Accounting that closes (I9). Each environment numbers what it mints, so whoever saw a number knows of all before it:
 * each of them is in both logs, on its way, explained, or lost. Every number is in exactly one class.
 *
 * What it cannot see: the last numbers of an environment, because nothing after them tells of them, and lines that bear
 * no number (the schedule's probes; releases before numbers).
 */
export interface EventAccount {
  /** All of those below together. */
  readonly captured: number;
  readonly inBothLogs: number;
  /** In an intake queue, and in no log yet. */
  readonly inFlight: number;
  /** In one log or in a failure queue: the other log is owed it. */
  readonly owed: number;
  /** No rung took them: answered all the same, or refused with 503, and printed whole to a function's log. */
  readonly unconfirmed: number;
  /** Seen nowhere while a region cannot be reached, which may hold them. */
  readonly stranded: number;
  /** Seen nowhere, and nothing says why. */
  readonly unexplained: number;
}

export interface EnvironmentAccount extends EventAccount {
  readonly region: string;
  readonly env: string;
}

/** What stands outside of the logs, as event lines in any order. */
export interface EventsOutsideLogs {
  /** In intake queues. */
  readonly intake: Iterable<string>;
  /** In segments that failure queues hold. */
  readonly owed: Iterable<string>;
  /**
   * Events that functions printed whole; with them every number from 1 on must be explained. Undefined when nobody reads
   * the functions' logs, or only some hours are looked at: then `captured_before` says how many there have to be, and
   * further numbers that are missing between those that are there count as unconfirmed.
   */
  readonly printed: Iterable<string> | undefined;
  /** Regions that nobody can reach now. */
  readonly unreachable: readonly string[];
}

type Sighting = 'inFlight' | 'owed' | 'unconfirmed' | ReadonlySet<string>;

interface Environment {
  readonly region: string;
  readonly env: string;
  /** Number to where it was seen; a set holds the regions of the logs that have it. */
  readonly seen: Map<number, { readonly mark: SequenceMark; readonly where: Sighting }>;
}

/** Holds what stands in the logs, which only grow: whoever looks again and again adds only what is new. */
export class AccountBook {
  readonly #regions: readonly string[];
  readonly #environments = new Map<string, Environment>();
  #numberCount = 0;

  /** `regions`: those whose logs an event has to be in. */
  constructor(regions: readonly string[]) {
    this.#regions = regions;
  }

  /** How many different numbers it holds in memory. */
  get numberCount(): number {
    return this.#numberCount;
  }

  /** A line of a segment in the log of `region`; the same line may come again. */
  addLogged(region: string, line: string): void {
    const mark = sequenceMark(line);
    if (mark === undefined) return;
    const { seen } = environmentOf(this.#environments, mark);
    const where = seen.get(mark.seq)?.where;
    if (where === undefined) this.#numberCount += 1;
    seen.set(mark.seq, { mark, where: new Set([...(where instanceof Set ? where : []), region]) });
  }

  /** One account for each environment, in the order in which they were first seen. */
  accounts(elsewhere: EventsOutsideLogs): readonly EnvironmentAccount[] {
    const environments = new Map(
      [...this.#environments].map(([env, known]) => [env, { ...known, seen: new Map(known.seen) }]),
    );
    // What is nearer to its end counts, so it is put down first.
    for (const line of elsewhere.owed) putDown(environments, line, 'owed');
    for (const line of elsewhere.intake) putDown(environments, line, 'inFlight');
    for (const line of elsewhere.printed ?? []) putDown(environments, line, 'unconfirmed');
    return [...environments.values()].map((environment) => this.#close(environment, elsewhere));
  }

  #close({ region, env, seen }: Environment, { printed, unreachable }: EventsOutsideLogs): EnvironmentAccount {
    const counts = { inBothLogs: 0, inFlight: 0, owed: 0, unconfirmed: 0, stranded: 0, unexplained: 0 };
    for (const { where } of seen.values()) counts[this.#classOf(where)] += 1;
    const { missing, uncaptured } = printed === undefined ? missingByCount(seen) : missingByNumber(seen);
    counts[unreachable.length > 0 ? 'stranded' : 'unexplained'] += missing;
    counts.unconfirmed += uncaptured;
    return { region, env, captured: seen.size + missing + uncaptured, ...counts };
  }

  #classOf(where: Sighting): 'inBothLogs' | Exclude<Sighting, ReadonlySet<string>> {
    if (typeof where === 'string') return where;
    return this.#regions.every((region) => where.has(region)) ? 'inBothLogs' : 'owed';
  }
}

function environmentOf(environments: Map<string, Environment>, { region, env }: SequenceMark): Environment {
  const known = environments.get(env);
  if (known !== undefined) return known;
  const environment = { region, env, seen: new Map() };
  environments.set(env, environment);
  return environment;
}

function putDown(environments: Map<string, Environment>, line: string, where: Sighting): void {
  const mark = sequenceMark(line);
  if (mark === undefined) return;
  const { seen } = environmentOf(environments, mark);
  if (!seen.has(mark.seq)) seen.set(mark.seq, { mark, where });
}

interface Missing {
  /** Numbers of events that must be somewhere. */
  readonly missing: number;
  /** Numbers of events that no rung took for certain. */
  readonly uncaptured: number;
}

function missingByNumber(seen: Environment['seen']): Missing {
  return { missing: maxOf(seen.keys()) - seen.size, uncaptured: 0 };
}

/** As SequenceTally judges an hour: its latest number says how many of its events were captured before. */
function missingByCount(seen: Environment['seen']): Missing {
  const hours = new Map<number, { latest: SequenceMark; count: number }>();
  let lowest = Number.POSITIVE_INFINITY;
  for (const { mark } of seen.values()) {
    lowest = Math.min(lowest, mark.seq);
    const hour = hours.get(hourStart(mark.at)) ?? { latest: mark, count: 0 };
    hours.set(hourStart(mark.at), { latest: mark.seq > hour.latest.seq ? mark : hour.latest, count: hour.count + 1 });
  }
  const missing = [...hours.values()].reduce(
    (sum, { latest, count }) => sum + Math.max(0, latest.capturedBefore + 1 - count),
    0,
  );
  const span = seen.size === 0 ? 0 : maxOf(seen.keys()) - lowest + 1;
  return { missing, uncaptured: Math.max(0, span - seen.size - missing) };
}

function maxOf(numbers: Iterable<number>): number {
  let max = 0;
  for (const number of numbers) max = Math.max(max, number);
  return max;
}

/** All environments together. */
export function totalAccount(accounts: readonly EventAccount[]): EventAccount {
  const sumOf = (key: keyof EventAccount) => accounts.reduce((sum, account) => sum + account[key], 0);
  return {
    captured: sumOf('captured'),
    inBothLogs: sumOf('inBothLogs'),
    inFlight: sumOf('inFlight'),
    owed: sumOf('owed'),
    unconfirmed: sumOf('unconfirmed'),
    stranded: sumOf('stranded'),
    unexplained: sumOf('unexplained'),
  };
}

/**
 * For who can count what stands in the queues but not read it, as it is on AWS: what they hold is taken to be what is
 * missing, first the events in flight, then those owed. An estimate, on the kind side.
 */
export function explainedByCounts(
  account: EventAccount,
  held: { readonly inFlight: number; readonly owed: number },
): EventAccount {
  const inFlight = Math.min(account.unexplained, held.inFlight);
  const owed = Math.min(account.unexplained - inFlight, held.owed);
  return {
    ...account,
    inFlight: account.inFlight + inFlight,
    owed: account.owed + owed,
    unexplained: account.unexplained - inFlight - owed,
  };
}

export interface SegmentAccount {
  readonly written: number;
  readonly inBothLogs: number;
  /** In one log, and a failure queue holds it for the other. */
  readonly owed: number;
  /** Keys that one log lacks and no queue owes it: only repair will bring them. */
  readonly unowed: readonly string[];
}

/** `logs`: the keys of each log; `owed`: the keys of the segments that failure queues hold. */
export function segmentAccount(logs: readonly ReadonlySet<string>[], owed: ReadonlySet<string>): SegmentAccount {
  const written = new Set(logs.flatMap((keys) => [...keys]));
  const lacking = [...written].filter((key) => !logs.every((keys) => keys.has(key)));
  const unowed = lacking.filter((key) => !owed.has(key));
  return {
    written: written.size,
    inBothLogs: written.size - lacking.length,
    owed: lacking.length - unowed.length,
    unowed,
  };
}
