import type { FiguresRow } from '../../core/figures/row.ts';
import { Tally } from '../../core/figures/tally.ts';
import { Leaders } from '../../core/ledger/leaders.ts';
import { partKey } from '../../core/ledger/object-keys.ts';
import {
  addLeaders,
  decodeSummary,
  encodeLeaders,
  encodeSummary,
  type Pass,
  type PassSummary,
} from '../../core/ledger/pass.ts';
import { Visits } from '../../core/ledger/visits.ts';
import { hourName } from '../../core/log-key.ts';
import { type HourToFold, makePass, type Part, type Tried } from './make-pass.ts';
import { getObject, needObject, putObject } from './objects.ts';
import { done, type LedgerPorts, type Step } from './ports.ts';

export interface Slice {
  readonly visits: Visits;
  readonly leaders: Leaders;
  /** Duplicates that no pass could know of. */
  readonly rows: readonly FiguresRow[];
}

/** The summary is written last: where it lies, all of the part does. */
export async function keptOrMade(
  hour: HourToFold,
  part: Part,
  ports: LedgerPorts,
  endMs: number,
): Promise<Tried<PassSummary>> {
  const { bucket } = ports.buckets.home;
  const key = keyOf(hour, part, summaryPiece);
  const kept = await getObject(bucket, key);
  if (kept.kind === 'left') return kept;
  const summary = kept.value && decodeSummary(kept.value);
  if (summary) return done(summary);
  const pass = await makePass(hour, part, ports, endMs);
  if (pass === 'too-much' || pass.kind === 'left') return pass;
  const written = await writePart(hour, part, pass.value, ports);
  const { counts, unreadable, rows } = pass.value;
  return written.kind === 'left' ? written : done({ counts, unreadable, rows });
}

async function writePart(
  hour: HourToFold,
  part: Part,
  pass: Pass,
  { buckets, clock }: LedgerPorts,
): Promise<Step<unknown>> {
  const write = (piece: string, bytes: Uint8Array) =>
    putObject(buckets.home.bucket, keyOf(hour, part, piece), bytes, clock);
  for (let slice = 0; slice < part.of; slice += 1) {
    const visits = await write(visitsPiece(slice), pass.visits.encodeSlice(slice, part.of));
    if (visits.kind === 'left') return visits;
    const leaders = await write(leadersPiece(slice), encodeLeaders(pass.leaders, slice, part.of));
    if (leaders.kind === 'left') return leaders;
  }
  return write(summaryPiece, encodeSummary(pass));
}

const summaryPiece = 'summary.ndjson.gz';
const visitsPiece = (slice: number) => `visits-${slice}.bin`;
const leadersPiece = (slice: number) => `leaders-${slice}.ndjson.gz`;

function keyOf({ hourStartMs, listing, revision }: HourToFold, { index, of }: Part, piece: string): string {
  return partKey(hourStartMs, `r${revision}-${listing.digest}-of-${of}`, index, piece);
}

/** One slice of the visitors and leaders of all parts. */
export async function readSlice(hour: HourToFold, slice: number, of: number, ports: LedgerPorts): Promise<Step<Slice>> {
  const { bucket } = ports.buckets.home;
  const [visits, leaders, tally] = [new Visits(), new Leaders(), new Tally(hourName(hour.hourStartMs))];
  for (let index = 0; index < of; index += 1) {
    const visitsOfPart = await needObject(bucket, keyOf(hour, { index, of }, visitsPiece(slice)));
    if (visitsOfPart.kind === 'left') return visitsOfPart;
    visits.addEncoded(visitsOfPart.value);
    const leadersOfPart = await needObject(bucket, keyOf(hour, { index, of }, leadersPiece(slice)));
    if (leadersOfPart.kind === 'left') return leadersOfPart;
    addLeaders(leaders, leadersOfPart.value, (loser) => tally.add(loser, true));
  }
  return done({ visits, leaders, rows: tally.rows() });
}
