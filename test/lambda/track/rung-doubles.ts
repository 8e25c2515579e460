import type { Rung } from '../../../core/capture/ladder.ts';
import type { Answer, CaptureBucket, Clock, IntakeQueue, Log, Metrics } from '../../../core/ports.ts';
import type { StorageSwitchReader } from '../../../eventlog/log-buckets.ts';
import type { RungPorts } from '../../../lambda/track/rungs.ts';

/**
 * How a rung behaves: as many milliseconds late but well, refusing, silent, cut off, or silent although it took the
 * event.
 */
export type Mood = number | 'error' | 'hang' | 'reset' | 'lose-reply';

interface Call {
  readonly rung: Rung;
  readonly atMs: number;
  readonly budgetMs: number;
}

export interface World extends RungPorts {
  readonly mood: Record<Rung, Mood>;
  readonly storage: StorageSwitchReader & { skips: 'home' | 'peer' | undefined };
  readonly calls: Call[];
  /** What each rung really has: bodies of messages, keys of objects. */
  readonly has: Record<Rung, string[]>;
  /** `name{dimension=value}` to sum. */
  readonly counted: Record<string, number>;
  readonly logged: { readonly level: string; readonly message: string; readonly fields: Record<string, unknown> }[];
}

export function worldOf(clock: Clock): World {
  const mood: World['mood'] = { 'intake-home': 10, 'intake-peer': 80, 'bucket-home': 30, 'bucket-peer': 100 };
  const has: World['has'] = { 'intake-home': [], 'intake-peer': [], 'bucket-home': [], 'bucket-peer': [] };
  const calls: Call[] = [];
  const answer = async (rung: Rung, content: string, budgetMs: number): Promise<Answer> => {
    calls.push({ rung, atMs: clock.nowMs(), budgetMs });
    return behave(clock, mood[rung], budgetMs, () => has[rung].push(content));
  };
  return {
    mood,
    has,
    calls,
    clock,
    storage: storageDouble(),
    intake: { home: queue(answer, 'intake-home'), peer: queue(answer, 'intake-peer') },
    bucket: { home: bucket(answer, 'bucket-home'), peer: bucket(answer, 'bucket-peer') },
    ...counting(),
    ...logging(),
  };
}

/** A storage switch that a test sets. */
function storageDouble(): World['storage'] {
  const storage: World['storage'] = {
    skips: undefined,
    skipped: () => storage.skips,
    refresh: async () => {},
    isFresh: () => true,
  };
  return storage;
}

async function behave(clock: Clock, mood: Mood, budgetMs: number, take: () => void): Promise<Answer> {
  if (mood === 'error') return { status: 503, code: 'ServiceUnavailable' };
  if (mood === 'reset') return { status: 0, code: 'ECONNRESET' };
  if (typeof mood === 'number' && mood <= budgetMs) {
    await clock.sleep(mood);
    take();
    return { status: 200, code: '' };
  }
  if (mood !== 'hang') take();
  await clock.sleep(budgetMs);
  return { status: 0, code: 'Timeout' };
}

type AnswerFor = (rung: Rung, content: string, budgetMs: number) => Promise<Answer>;

function queue(answer: AnswerFor, rung: Rung): IntakeQueue {
  return { send: (body, budgetMs) => answer(rung, body, budgetMs), warm: async () => ({ status: 200, code: '' }) };
}

function bucket(answer: AnswerFor, rung: Rung): CaptureBucket {
  return {
    putIfAbsent: (key, _body, budgetMs) => answer(rung, key, budgetMs),
    get: async () => ({ kind: 'failed', answer: { status: 403, code: 'AccessDenied' } }),
  };
}

export function counting(): { metrics: Metrics; counted: Record<string, number> } {
  const counted: Record<string, number> = {};
  const keyOf = (name: string, dimensions: Readonly<Record<string, string>> = {}) => {
    const pairs = Object.entries(dimensions).map(([key, text]) => `${key}=${text}`);
    return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name;
  };
  const metrics: Metrics = {
    count(name, value, dimensions) {
      const key = keyOf(name, dimensions);
      counted[key] = (counted[key] ?? 0) + value;
    },
    gauge(name, value, dimensions) {
      counted[keyOf(name, dimensions)] = value;
    },
  };
  return { metrics, counted };
}

export function logging(): { log: Log; logged: World['logged'] } {
  const logged: World['logged'] = [];
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      logged.push({ level, message, fields });
    };
  return { log: { info: at('info'), warn: at('warn'), error: at('error') }, logged };
}
