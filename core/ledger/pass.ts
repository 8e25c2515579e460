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

/** The results of a pass over an hour, without its visitors and leaders. */
export interface PassSummary {
  readonly counts: FoldCounts;
  /** Keys of segments that could be read in neither log. */
  readonly unreadable: readonly string[];
  readonly rows: readonly FiguresRow[];
}

/** A stored pass. Its visitors and leaders are objects of their own. */
export interface KeptPass extends PassSummary {
  /**
   * Part of the names of these objects, because another attempt can have read more segments and stored other objects.
   */
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

/** A line of JSON, then the rows as a figures object (figures-object.ts). */
export function encodeSummary({ counts, unreadable, rows, attempt }: KeptPass): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ counts, unreadable, attempt })}\n`), figuresObject(rows).gzip]);
}

/** Counts that the previous release does not write. */
const notCounted = { unknown: 0, redacted: 0 };

/** Undefined for bytes that `encodeSummary` would not make. */
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

/** Conversions have no visitor mark, so the secret does not matter. */
const redact = createRedact(new Uint8Array());

/** The leaders of one slice of the conversion keys, redacted: nothing in a partial result identifies a person. */
export function encodeLeaders(leaders: Leaders, slice: number, of: number): Uint8Array {
  const ofSlice = leaders.all.filter(({ key }) => sliceOfHex(key, of) === slice);
  return gzipSync(leaderLines(ofSlice.map(({ event }) => redact(event))));
}

/**
 * Adds the leaders of another pass. `onLoser` gets each event that does not lead any more, or never did. No pass has
 * counted it yet; it is a duplicate now.
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
