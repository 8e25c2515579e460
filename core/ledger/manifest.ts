import type { Counters } from '../figures/row.ts';
import { parseObject } from '../parse-json.ts';

/** What one revision of an hour was made of, and its results. docs/decisions/0011 */
export interface Manifest {
  /** UTC, for example `2026-11-23T05`. */
  readonly hour: string;
  /** 1 when the hour was made final for the first time. */
  readonly revision: number;
  /** Why the revision was made: `closed`, `late`, `erased`, `conversion`, `readable`, or an operator's words. */
  readonly cause: string;
  readonly atMs: number;
  /** The digest of the listing that was read. */
  readonly listing: string;
  readonly segments: number;
  /** Key of the object with the ids of the segments. */
  readonly segmentIds: string;
  /** Distinct event ids. */
  readonly events: number;
  /** Further lines with a counted event id: the same line again, or another line. */
  readonly repeated: { readonly sameLine: number; readonly otherLine: number };
  /** Lines that are no events. */
  readonly faults: number;
  /** Events that only a later release understands. No row counts them. Absent in manifests of earlier releases. */
  readonly unknown?: number;
  /** Events that an erasure redacted. They count like any other. Absent in manifests of earlier releases. */
  readonly redacted?: number;
  /** Segments that S3 had not announced to `stats`. */
  readonly unannounced: number;
  /** Keys of segments that can be read in neither log. Their events are not counted. */
  readonly unreadable: readonly string[];
  /** The digest of the rows. */
  readonly figuresDigest: string;
  /** Keys of the objects with the visitors, and with the counted conversions. */
  readonly visits: readonly string[];
  readonly counted: readonly string[];
  readonly totals: Counters;
}

export function encodeManifest(manifest: Manifest): string {
  return `${JSON.stringify({ v: 1, ...manifest }, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2)}\n`;
}

/** Undefined when the text is no manifest. */
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
