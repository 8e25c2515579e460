import { compareTexts } from '../event/event.ts';
import { quarterMs } from '../ledger/hour-state.ts';
import { limits } from '../limits/limits.ts';

/** Where signals come from. The key of a signal begins with its source. */
export const signalSources = ['rule', 'cap', 'postback'] as const;
export type SignalSource = (typeof signalSources)[number];

/** What a run has found about one thing that can be told. */
export interface Signal {
  /** `rule/1`, `cap/3/0/conversion_cap/reached` or `postback/4`. */
  readonly key: string;
  /** What the signal is about, beside its key: the rule, or the cap's limit and period. Another text ends the episode. */
  readonly of: string;
  /** `near`: an episode goes on, and none begins. */
  readonly verdict: 'out' | 'near' | 'within' | 'unknown';
  /** For people. */
  readonly says: string;
}

/** The time for which something is out of bounds. It is told once. Times are ms since the epoch. */
export interface Episode extends Pick<Signal, 'key' | 'of' | 'says'> {
  readonly beganAtMs: number;
  /** When a run last knew that it goes on, to a quarter of an hour. */
  readonly knownAtMs: number;
  readonly endedAtMs?: number;
  readonly toldAtMs?: number;
  /** Until then a run is sending the message. */
  readonly sendingUntilMs?: number;
  /** When the episode last changed here. Of two copies the later one holds. */
  readonly atMs: number;
}

const { endedKeptMs, episodesMax, sendingMs, unknownMsMax } = limits.alerts;

export interface Findings {
  readonly signals: readonly Signal[];
  /** The sources that could be read. The episodes of the others stay as they are. */
  readonly read: ReadonlySet<SignalSource>;
  readonly nowMs: number;
}

/** The episodes after a run, by key. Of each key the last one is kept. */
export function nextEpisodes(episodes: readonly Episode[], findings: Findings): readonly Episode[] {
  const { signals, read, nowMs } = findings;
  const signalled = new Map(signals.map((signal) => [signal.key, signal]));
  const next = new Map<string, Episode>();
  for (const episode of episodes) {
    const { key } = episode;
    const signal = signalled.get(key);
    const goesOn = isOpen(episode) && read.has(sourceOf(key)) ? wentOn(episode, signal, nowMs) : episode;
    if (!isOutdated(goesOn, signal, nowMs)) next.set(key, goesOn);
  }
  begin(next, signals, nowMs);
  return inOrder(next);
}

/** When the state is full, the episodes that ended first give way. */
function begin(next: Map<string, Episode>, signals: readonly Signal[], nowMs: number): void {
  const news = signals.filter(({ key, verdict }) => {
    const last = next.get(key);
    return verdict === 'out' && (last === undefined || !isOpen(last));
  });
  for (const { key } of news) next.delete(key);
  const over = [...next.values()].filter((episode) => !isOpen(episode)).sort(byEnd);
  for (const { key } of over.slice(0, Math.max(0, next.size + news.length - episodesMax))) next.delete(key);
  for (const signal of news) if (next.size < episodesMax) next.set(signal.key, begun(signal, nowMs));
}

function byEnd(one: Episode, other: Episode): number {
  return (one.endedAtMs ?? 0) - (other.endedAtMs ?? 0);
}

export function isOpen({ endedAtMs }: Episode): boolean {
  return endedAtMs === undefined;
}

export function sourceOf(key: string): SignalSource {
  return signalSources.find((source) => key.startsWith(`${source}/`)) ?? 'rule';
}

/** The last episode of a rule stays as long as the rule. */
function isOutdated({ key, endedAtMs }: Episode, signal: Signal | undefined, nowMs: number): boolean {
  if (endedAtMs === undefined || endedAtMs > nowMs - endedKeptMs) return false;
  return sourceOf(key) !== 'rule' || signal === undefined;
}

function begun({ key, of, says }: Signal, nowMs: number): Episode {
  return { key, of, says, beganAtMs: nowMs, knownAtMs: nowMs, atMs: nowMs };
}

function wentOn(episode: Episode, signal: Signal | undefined, nowMs: number): Episode {
  if (signal === undefined || signal.of !== episode.of || signal.verdict === 'within') return endedNow(episode, nowMs);
  if (signal.verdict === 'unknown') {
    return nowMs - episode.knownAtMs > unknownMsMax ? endedNow(episode, nowMs) : episode;
  }
  // Not at each run: the state would be written every minute.
  return nowMs - episode.knownAtMs < quarterMs ? episode : { ...episode, knownAtMs: nowMs, atMs: nowMs };
}

function endedNow(episode: Episode, nowMs: number): Episode {
  return { ...episode, endedAtMs: nowMs, atMs: nowMs };
}

/** The episodes that nobody was told of, and of which no run is telling. */
export function untold(episodes: readonly Episode[], nowMs: number): readonly Episode[] {
  return episodes.filter(({ toldAtMs, sendingUntilMs = 0 }) => toldAtMs === undefined && sendingUntilMs <= nowMs);
}

export function beingSent(episode: Episode, nowMs: number): Episode {
  return { ...episode, sendingUntilMs: nowMs + sendingMs, atMs: nowMs };
}

/** `wasSent`: whether the message is out. If not, the next run sends it. */
export function afterSending({ sendingUntilMs: _, ...episode }: Episode, wasSent: boolean, nowMs: number): Episode {
  return { ...episode, ...(wasSent && { toldAtMs: nowMs }), atMs: nowMs };
}

/** Both regions' episodes: of each key the one that changed last. The order of the two does not matter. */
export function mergeEpisodes(ones: readonly Episode[], others: readonly Episode[]): readonly Episode[] {
  const merged = new Map<string, Episode>();
  for (const episode of [...ones, ...others]) {
    const known = merged.get(episode.key);
    if (known === undefined || isLater(episode, known)) merged.set(episode.key, episode);
  }
  return inOrder(merged);
}

function isLater(one: Episode, other: Episode): boolean {
  const text = (episode: Episode) => JSON.stringify(Object.entries(episode).sort());
  return one.atMs === other.atMs ? text(one) > text(other) : one.atMs > other.atMs;
}

function inOrder(episodes: ReadonlyMap<string, Episode>): readonly Episode[] {
  return [...episodes.values()].sort((one, other) => compareTexts(one.key, other.key));
}
