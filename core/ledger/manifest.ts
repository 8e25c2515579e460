import type { Counters } from '../figures/row.ts';
import { parseObject } from '../parse-json.ts';

/** What one revision of an hour was made of, and what it came to. */
export interface Manifest {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 1 for the first time the hour was made final. */
  readonly revision: number;
  /** Why it was made: `closed`, `late`, `erased`, `conversion`, `readable`, or what an operator said. */
  readonly cause: string;
  readonly atMs: number;
  /** Digest over the keys and etags of the segments that were read. */
  readonly listing: string;
  readonly segments: number;
  /** Key of the object that says which they were. */
  readonly segmentIds: string;
  /** Each id once. */
  readonly events: number;
  /** Further lines of events that were counted: the same line again, and lines that say something else of the same id. */
  readonly repeated: { readonly sameLine: number; readonly otherLine: number };
  /** Lines that are no events of ours. */
  readonly faults: number;
  /** Events that only a later release understands, and that no row has. Manifests of earlier releases do not say it. */
  readonly unknown?: number;
  /** Events that an erasure redacted; they count like any other. Manifests of earlier releases do not say it. */
  readonly redacted?: number;
  /** Segments that `stats` had not heard of. */
  readonly unannounced: number;
  /** Keys of segments that neither log holds in a state to be read: what they held is not counted. */
  readonly unreadable: readonly string[];
  /** Of the rows. */
  readonly figuresDigest: string;
  /** Keys of the objects that say who clicked, and which conversions are counted. */
  readonly visits: readonly string[];
  readonly counted: readonly string[];
  readonly totals: Counters;
}

export function encodeManifest(manifest: Manifest): string {
  return `${JSON.stringify({ v: 1, ...manifest }, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2)}\n`;
}

/** Undefined for what is no manifest of ours. */
export function parseManifest(text: string): Manifest | undefined {
  const value = parseObject(text);
  if (value?.['v'] !== 1) return undefined;
  const { v, ...manifest } = value;
  const texts = ['hour', 'cause', 'listing', 'segmentIds', 'figuresDigest'];
  const numbers = ['revision', 'atMs', 'segments', 'events', 'faults', 'unannounced'];
  const lists = ['unreadable', 'visits', 'counted'];
  const isWhole =
    texts.every((name) => typeof manifest[name] === 'string') &&
    numbers.every((name) => Number.isSafeInteger(manifest[name])) &&
    lists.every((name) => Array.isArray(manifest[name]));
  if (!isWhole) return undefined;
  const totals = Object.entries(manifest['totals'] ?? {}).map(([name, count]) => [name, BigInt(count as string)]);
  return { ...(manifest as unknown as Manifest), totals: Object.fromEntries(totals) as Counters };
}
