import { type SequenceMark, sequenceMark } from '../event/sequence.ts';
import { hourStart } from './log-key.ts';

/**
 * Accounts for every captured event (invariant I9). Each Lambda environment numbers its events, so one number proves
 * all earlier ones. Each number is in exactly one class: in both logs, on its way, explained or lost.
 *
 * Two things stay invisible: the last numbers of an environment, because no later event tells of them; and lines
 * without a number (probes of the schedule, and lines of early releases).
 */
export interface EventAccount {
  /** The sum of all classes below. */
  readonly captured: number;
  readonly inBothLogs: number;
  /** In an intake queue and in no log yet. */
  readonly inFlight: number;
  /** In one log or in a failure queue: the other log is owed it. */
  readonly owed: number;
  /** No rung took the event. The request was answered or refused with 503, and a function's log has the whole event. */
  readonly unconfirmed: number;
  /** Seen nowhere, while a region that may hold the event cannot be reached. */
  readonly stranded: number;
  /** Seen nowhere, and nothing says why. */
  readonly unexplained: number;
}

export interface EnvironmentAccount extends EventAccount {
  readonly region: string;
  readonly env: string;
}

/** Events outside of the logs, as event lines in any order. */
export interface EventsOutsideLogs {
  /** In intake queues. */
  readonly intake: Iterable<string>;
  /** In the segments of failure queues. */
  readonly owed: Iterable<string>;
  /**
   * Events that functions printed whole to their logs. With them every number from 1 on must be explained.
   *
   * Undefined when the caller does not read the functions' logs, or looks at some hours only. Then `captured_before`
   * tells how many events there must be. Further missing numbers between two known ones count as unconfirmed.
   */
  readonly printed: Iterable<string> | undefined;
  /** Regions that cannot be reached now. */
  readonly unreachable: readonly string[];
}

type Sighting = 'inFlight' | 'owed' | 'unconfirmed' | ReadonlySet<string>;

interface Environment {
  readonly region: string;
  readonly env: string;
  /** Number to where it was seen; a set holds the regions of the logs that have it. */
  readonly seen: Map<number, { readonly mark: SequenceMark; readonly where: Sighting }>;
}

/** Holds the numbers in the logs. Logs only grow, so a caller that looks repeatedly adds only new lines. */
export class AccountBook {
  readonly #regions: readonly string[];
  readonly #environments = new Map<string, Environment>();
  #numberCount = 0;

  /** `regions`: the regions whose logs must have every event. */
  constructor(regions: readonly string[]) {
    this.#regions = regions;
  }

  /** How many different numbers it holds in memory. */
  get numberCount(): number {
    return this.#numberCount;
  }

  /** Adds a line of a segment in the log of `region`. The same line may come again. */
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
    // An event in two places belongs to the class that is nearer to the logs, so that one is noted first.
    for (const line of elsewhere.owed) noteFirst(environments, line, 'owed');
    for (const line of elsewhere.intake) noteFirst(environments, line, 'inFlight');
    for (const line of elsewhere.printed ?? []) noteFirst(environments, line, 'unconfirmed');
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

function noteFirst(environments: Map<string, Environment>, line: string, where: Sighting): void {
  const mark = sequenceMark(line);
  if (mark === undefined) return;
  const { seen } = environmentOf(environments, mark);
  if (!seen.has(mark.seq)) seen.set(mark.seq, { mark, where });
}

interface Missing {
  /** Numbers of events that must be somewhere. */
  readonly missing: number;
  /** Numbers of events for which no rung confirmed the capture. */
  readonly uncaptured: number;
}

function missingByNumber(seen: Environment['seen']): Missing {
  return { missing: maxOf(seen.keys()) - seen.size, uncaptured: 0 };
}

/** Judges each hour as `SequenceTally` does: its latest event says how many events of the hour were captured before. */
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

/** The sum over all environments. */
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
 * On AWS an operator can count the messages of a queue, but not read them. This estimate assumes that the queues hold
 * the unexplained events: first the intake queues, then the failure queues. It can explain too much, never too little.
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
  /** Segments in one log that a failure queue holds for the other log. */
  readonly owed: number;
  /** Keys that one log lacks and no failure queue holds: only repair will copy these segments. */
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
