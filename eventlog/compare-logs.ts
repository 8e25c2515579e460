import { limits } from '../core/limits/limits.ts';
import { type LogKey, parseLogKey } from '../core/log/log-key.ts';
import type { Bucket } from '../core/ports.ts';
import { type SegmentTargets, type Side, sides } from './log-buckets.ts';

export interface MissingSegment {
  readonly key: string;
  readonly parsed: LogKey;
  readonly lackedBy: Side;
}

/** Some thousand keys in a row that both logs have listed. */
export interface Stretch {
  readonly missing: readonly MissingSegment[];
  /** The last key of the stretch; absent when the stretch is the last one. */
  readonly end?: string;
}

/** The listed keys of one log that are not compared yet. */
interface Ahead {
  readonly keys: readonly string[];
  /** The last key that was listed; absent when the log was listed to its end. */
  readonly listedTo?: string;
}

/**
 * Compares the keys of both logs under a prefix. Each call gives the next stretch, in the order of the keys, or
 * undefined when a log cannot be listed. Memory holds one page of each log, however large the hour is.
 */
export function compareLogs(prefix: string, buckets: SegmentTargets['buckets']): () => Promise<Stretch | undefined> {
  let ahead: Readonly<Record<Side, Ahead>> = { home: beginning(prefix), peer: beginning(prefix) };
  return async () => {
    const [home, peer] = await Promise.all(sides.map((side) => listOn(ahead[side], prefix, buckets[side].bucket)));
    if (!home || !peer) return undefined;
    const end = earlier(home.listedTo, peer.listedTo);
    ahead = { home: after(home, end), peer: after(peer, end) };
    const [ofHome, ofPeer] = [upTo(home, end), upTo(peer, end)];
    const missing = [...lacks(ofHome, ofPeer, 'peer'), ...lacks(ofPeer, ofHome, 'home')];
    return { missing, ...(end !== undefined && { end }) };
  };
}

/** Keys sort after their prefix, so a listing that starts behind the prefix misses none. */
function beginning(prefix: string): Ahead {
  return { keys: [], listedTo: prefix };
}

async function listOn(ahead: Ahead, prefix: string, bucket: Bucket): Promise<Ahead | undefined> {
  if (ahead.keys.length > 0 || ahead.listedTo === undefined) return ahead;
  const listed = await bucket.list(prefix, limits.repair.listBudgetMs, ahead.listedTo);
  if (listed.kind === 'failed') return undefined;
  const { keys, next } = listed.value;
  return { keys, ...(next !== undefined && { listedTo: next }) };
}

/** An absent key stands for the end of the log. */
function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}

function upTo({ keys }: Ahead, end: string | undefined): readonly string[] {
  return end === undefined ? keys : keys.filter((key) => key <= end);
}

function after({ keys, ...rest }: Ahead, end: string | undefined): Ahead {
  return { ...rest, keys: end === undefined ? [] : keys.filter((key) => key > end) };
}

function lacks(has: readonly string[], hasNot: readonly string[], lackedBy: Side): readonly MissingSegment[] {
  const there = new Set(hasNot);
  return has
    .filter((key) => !there.has(key))
    .flatMap((key) => {
      const parsed = parseLogKey(key);
      return parsed ? [{ key, parsed, lackedBy }] : [];
    });
}
