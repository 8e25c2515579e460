import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import type { Attempt } from '../../core/postbacks/attempt-event.ts';
import {
  type DueIndex,
  dueIndexKey,
  dueMinutes,
  encodeDueIndex,
  type MinuteLooked,
  newIndex,
  parseDueIndex,
  withLooked,
} from '../../core/postbacks/due-index.ts';
import { parseOutboxKey } from '../../core/postbacks/outbox-key.ts';
import { isSuspended } from '../../core/postbacks/suspension.ts';
import { deliverMinute } from './deliver-minute.ts';
import { HostLanes } from './host-lanes.ts';
import { readPatience, tellHeartbeat } from './leadership.ts';
import { addNews, listOutbox } from './list-outbox.ts';
import { LeftToNextRun, type NotifyPorts, NotifyRun } from './notify-run.ts';
import { noteHealth, readHealth } from './partner-health.ts';
import { type CatalogMemory, readRules } from './read-catalog.ts';
import type { RunWork } from './run-work.ts';
import { tellAttempts } from './tell-attempts.ts';

export interface NotifyReport {
  /** `off`: the deployment tells no partner. `left`: the run could not do its work; the next one tries again. */
  readonly outcome: 'done' | 'off' | 'left';
  readonly why?: string;
  readonly delivered: number;
  readonly failed: number;
  /** Minutes that wait for a look or for a further attempt. */
  readonly dueMinutes: number;
}

const { runMs, pollMs, timeoutSeconds, minutesAtOnceMax } = limits.notify;

/** Time for the attempts that are under way when a run ends. */
const reserveMs = timeoutSeconds * 1_000 - runMs;

const nothing = { delivered: 0, failed: 0, dueMinutes: 0 };

/**
 * `notify` tells partners of conversions. It reads the outbox of home's fold. Runs may overlap, and both regions run it.
 * A run ends within `remainingMs`.
 */
export function createNotify(ports: NotifyPorts): (event: unknown, remainingMs: number) => Promise<NotifyReport> {
  const memory: CatalogMemory = {};
  return async (_event, remainingMs) => {
    const nowMs = ports.clock.nowMs();
    const run = new NotifyRun(ports, nowMs + Math.min(runMs, remainingMs - reserveMs), nowMs + remainingMs);
    try {
      const report = ports.hasPostbacks ? await new Notifying(run, memory).perform() : await tellNobody(run);
      ports.metrics.count(metrics.notifyRuns, 1);
      return report;
    } catch (error) {
      if (!(error instanceof LeftToNextRun)) throw error;
      ports.log.warn('postbacks are left to the next run', { why: error.message });
      return { outcome: 'left', why: error.message, ...nothing };
    }
  };
}

/** The other region must hear all the same that this one works, because it leaves alerts to it. */
async function tellNobody(run: NotifyRun): Promise<NotifyReport> {
  await tellHeartbeat(run, { toldToMs: run.nowMs(), dueMinutes: 0, suspended: [] });
  return { outcome: 'off', ...nothing };
}

const indexForm = { encode: encodeDueIndex, parse: parseDueIndex };

class Notifying {
  readonly #run: NotifyRun;
  readonly #memory: CatalogMemory;
  /** Minutes in hand, by name. Each promise resolves and never rejects. */
  readonly #open = new Map<string, Promise<void>>();
  #looked: MinuteLooked[] = [];
  readonly #attempts: Attempt[] = [];

  constructor(run: NotifyRun, memory: CatalogMemory) {
    this.#run = run;
    this.#memory = memory;
  }

  async perform(): Promise<NotifyReport> {
    const work = await this.#begin();
    try {
      await this.#deliver(work);
    } finally {
      // Lambda freezes what goes on behind the end of a run, and its lease would end meanwhile.
      await Promise.all(this.#open.values());
    }
    const { index } = await this.#updateIndex();
    await this.#end(work, index);
    return this.#report(index);
  }

  /** Begins minutes until nothing is left to do or the run is over. */
  async #deliver(work: RunWork): Promise<void> {
    for (;;) {
      const { index, count } = await this.#updateIndex();
      const begun = this.#beginMinutes(work, index);
      const isBusy = this.#open.size > 0 || begun > 0 || (count > 0 && work.patienceMs === 0);
      if (!isBusy || this.#run.isOver) return;
      await this.#pause();
    }
  }

  async #begin(): Promise<RunWork> {
    const run = this.#run;
    const rules = await readRules(run, this.#memory);
    return {
      run,
      rules,
      lanes: new HostLanes(run.ports.send, () => run.isOver),
      findFacts: run.ports.openFacts(() => run.isOver),
      patienceMs: await readPatience(run),
      health: await readHealth(run),
      tell: (attempts) => this.#tell(attempts),
    };
  }

  /** Notes what was looked at, and takes in what is new in the outbox. */
  async #updateIndex(): Promise<{ readonly index: DueIndex; readonly count: number }> {
    const run = this.#run;
    const looked = this.#looked.splice(0);
    const held = (await run.find(dueIndexKey, parseDueIndex))?.value ?? newIndex(run.nowMs());
    const news = await listOutbox(run, held);
    const seen = new Set(held.seen);
    const count = news.keys.filter((key) => !seen.has(key)).length;
    const index = await run.update<DueIndex>(dueIndexKey, indexForm, (before) =>
      addNews(withLooked(before ?? newIndex(run.nowMs()), looked), news),
    );
    return { index: index ?? held, count };
  }

  #beginMinutes(work: RunWork, index: DueIndex): number {
    if (this.#run.isOver) return 0;
    const due = dueMinutes(index, this.#run.nowMs() - work.patienceMs).filter(([name]) => !this.#open.has(name));
    const begun = due.slice(0, minutesAtOnceMax - this.#open.size);
    for (const [name, minute] of begun) {
      const looking = deliverMinute(work, name, minute)
        .then((looked) => looked && this.#looked.push(looked))
        .catch((error) => this.#noteLeft(name, error))
        .then(() => void this.#open.delete(name));
      this.#open.set(name, looking);
    }
    return begun.length;
  }

  /** A defect in one minute must not hold up the others. */
  #noteLeft(name: string, error: unknown): void {
    const { log } = this.#run.ports;
    if (error instanceof LeftToNextRun) log.warn('a minute is left to the next run', { name, why: error.message });
    else log.error('a defect stops the postbacks of a minute', { name, error: (error as Error).name });
  }

  /** Until it is time to look again, or until there is room for further minutes. */
  async #pause(): Promise<void> {
    const isFull = this.#open.size >= minutesAtOnceMax;
    const next = this.#run.ports.clock.sleep(pollMs);
    await (isFull ? Promise.race([next, ...this.#open.values()]) : next);
  }

  async #tell(attempts: readonly Attempt[]): Promise<void> {
    this.#attempts.push(...attempts);
    await tellAttempts(this.#run, attempts);
  }

  async #end({ health }: RunWork, index: DueIndex): Promise<void> {
    const run = this.#run;
    const ends = this.#attempts.map(({ postback, outcome, atMs }) => ({
      postbackId: postback.id,
      atMs,
      isDelivered: outcome.kind === 'delivered',
    }));
    const now = await noteHealth(run, health, ends);
    const suspended = [...now].filter(([, one]) => isSuspended(one)).map(([id]) => id);
    const { metrics: sink } = run.ports;
    const { delivered, failed } = this.#report(index);
    sink.count(metrics.postbacksDelivered, delivered);
    sink.count(metrics.postbackAttemptsFailed, failed);
    sink.count(metrics.postbacksGivenUp, this.#attempts.filter(({ delivery }) => delivery.status === 'failed').length);
    sink.gauge(metrics.postbackLagSeconds, Math.ceil((run.nowMs() - untriedSinceMs(index, run.nowMs())) / 1_000));
    sink.gauge(metrics.postbacksSuspended, suspended.length);
    await tellHeartbeat(run, {
      toldToMs: untriedSinceMs(index, run.nowMs()),
      dueMinutes: index.minutes.size,
      suspended,
    });
  }

  #report({ minutes }: DueIndex): NotifyReport {
    const delivered = this.#attempts.filter(({ outcome }) => outcome.kind === 'delivered').length;
    return { outcome: 'done', delivered, failed: this.#attempts.length - delivered, dueMinutes: minutes.size };
  }
}

/** When the oldest outbox object was written that nobody has looked into. `nowMs` when there is none. */
function untriedSinceMs({ minutes }: DueIndex, nowMs: number): number {
  const keys = [...minutes.values()].flatMap(({ inbox }) => inbox);
  return Math.min(nowMs, ...keys.map((key) => parseOutboxKey(key)?.writtenAtMs ?? nowMs));
}
