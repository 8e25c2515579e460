import type { Postback, PostbackStanding } from '../catalog/catalog.ts';
import type { Publication } from '../catalog/publications.ts';
import { parseObject } from '../parse-json.ts';

/**
 * Since when each postback fires for each standing. A catalog does not say this, so `notify` notes what it sees for the
 * first time.
 */
export interface KnownStandings {
  /** By postback and standing, ms since the epoch. */
  readonly sinceMs: ReadonlyMap<string, number>;
  /** The time of the newest publication that was looked at. 0 before the first. */
  readonly publishedAtMs: number;
}

export const knownStandingsKey = 'postbacks/known.json';

export const noStandings: KnownStandings = { sinceMs: new Map(), publishedAtMs: 0 };

export function standingName(postbackId: number, standing: PostbackStanding): string {
  return `${postbackId} ${standing}`;
}

/**
 * Adds what the postbacks of the catalog have that is new. It came with the first publication that nobody has looked at
 * yet, or later: too early a time fires some minutes of older conversions, and too late a time would leave some out. What
 * the catalog no longer has is forgotten. Gives `known` itself when nothing is new.
 */
export function withPostbacks(
  known: KnownStandings,
  postbacks: Iterable<Postback>,
  publications: readonly Publication[],
  nowMs: number,
): KnownStandings {
  const unseen = publications.map(({ atMs }) => atMs).filter((atMs) => atMs > known.publishedAtMs);
  const newestMs = Math.max(known.publishedAtMs, ...unseen);
  const isFirst = known.publishedAtMs === 0;
  const newSinceMs = isFirst ? (unseen.at(-1) ?? nowMs) : Math.min(...unseen, nowMs);
  const sinceMs = new Map<string, number>();
  let isChanged = newestMs !== known.publishedAtMs;
  for (const { id, on, status } of postbacks) {
    if (status !== 'active') continue;
    for (const standing of on) {
      const name = standingName(id, standing);
      const before = known.sinceMs.get(name);
      if (before === undefined) isChanged = true;
      sinceMs.set(name, before ?? newSinceMs);
    }
  }
  isChanged ||= [...known.sinceMs.keys()].some((name) => !sinceMs.has(name));
  return isChanged ? { sinceMs, publishedAtMs: newestMs } : known;
}

export function encodeKnownStandings({ sinceMs, publishedAtMs }: KnownStandings): Uint8Array {
  const sorted = Object.fromEntries([...sinceMs].sort());
  return Buffer.from(`${JSON.stringify({ v: 1, publishedAtMs, sinceMs: sorted }, null, 1)}\n`);
}

/** Undefined when the bytes are no such object. */
export function parseKnownStandings(bytes: Uint8Array): KnownStandings | undefined {
  const { v, publishedAtMs, sinceMs } = parseObject(Buffer.from(bytes).toString()) ?? {};
  if (v !== 1 || typeof publishedAtMs !== 'number' || typeof sinceMs !== 'object' || sinceMs === null) return undefined;
  const entries = Object.entries(sinceMs).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return { publishedAtMs, sinceMs: new Map(entries) };
}
