import { gunzipSync, gzipSync } from 'node:zlib';
import { parseLine } from '../event/event.ts';
import { createRedact } from '../event/redaction.ts';
import type { FiguresRow } from '../figures/row.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { figuresObject, readFiguresObject } from './figures-object.ts';
import { type FoldCounts, type HourFold, leaderLines } from './hour-fold.ts';
import type { Leaders } from './leaders.ts';
import { sliceOfHex } from './slices.ts';
import type { Visits } from './visits.ts';

/** What a pass over an hour came to, but for its visitors and leaders. */
export interface PassSummary {
  readonly counts: FoldCounts;
  /** Keys that could be read in neither log. */
  readonly unreadable: readonly string[];
  readonly rows: readonly FiguresRow[];
}

/** A pass whose visitors and leaders lie beside it as objects. */
export interface KeptPass extends PassSummary {
  /** In the names of these objects: another attempt may have read what this one could not, and left other ones. */
  readonly attempt: string;
}

export interface Pass extends PassSummary {
  readonly visits: Visits;
  readonly leaders: Leaders;
}

export function passOf(fold: HourFold, unreadable: readonly string[]): Pass {
  const { visits, leaders } = fold;
  return { counts: fold.counts(), unreadable: unreadable.toSorted(), rows: fold.rows(), visits, leaders };
}

const newline = 0x0a;

/** A line of JSON, then the rows as an hour's figures are written. */
export function encodeSummary({ counts, unreadable, rows, attempt }: KeptPass): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ counts, unreadable, attempt })}\n`), figuresObject(rows).gzip]);
}

/** What the release before does not count. */
const notCounted = { unknown: 0, redacted: 0 };

/** Undefined for what `encodeSummary` would not have made. */
export function decodeSummary(bytes: Uint8Array): KeptPass | undefined {
  const end = bytes.indexOf(newline);
  const head = parseObject(Buffer.from(bytes.subarray(0, Math.max(0, end))).toString());
  const rows = readFiguresObject(bytes.subarray(end + 1));
  const { counts, unreadable, attempt } = head ?? {};
  if (!counts || !Array.isArray(unreadable) || typeof attempt !== 'string' || !rows) return undefined;
  return {
    counts: { ...notCounted, ...(counts as Omit<FoldCounts, keyof typeof notCounted>) },
    unreadable,
    rows,
    attempt,
  };
}

/** Conversions have no visitor, so that there is nothing to hide with a secret. */
const redact = createRedact(new Uint8Array());

/** The leaders of one slice, by their keys: what money rests on, and nothing that identifies a person. */
export function encodeLeaders(leaders: Leaders, slice: number, of: number): Uint8Array {
  const ofSlice = leaders.all.filter(({ key }) => sliceOfHex(key, of) === slice);
  return gzipSync(leaderLines(ofSlice.map(({ event }) => redact(event))));
}

/**
 * Adds leaders of another pass, and tells of those that lead no longer, or never did: each of them was held back by its
 * pass, and is a duplicate now.
 */
export function addLeaders(
  leaders: Leaders,
  gzip: Uint8Array,
  onLoser: (event: Parameters<Leaders['loserTo']>[0]) => void,
) {
  const text = gunzipSync(gzip, { maxOutputLength: limits.ledger.objectBytesMax }).toString();
  for (const line of text.split('\n')) {
    const parsed = line === '' ? undefined : parseLine(line);
    if (parsed?.kind !== 'event') continue;
    const { loser } = leaders.loserTo(parsed.event);
    if (loser) onLoser(loser);
  }
}
