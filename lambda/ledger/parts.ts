import type { FiguresRow } from '../../core/figures/row.ts';
import { FiguresTally } from '../../core/figures/tally.ts';
import type { Share } from '../../core/ledger/hour-fold.ts';
import { Leaders } from '../../core/ledger/leaders.ts';
import { partKey } from '../../core/ledger/object-keys.ts';
import {
  addLeaders,
  decodeSummary,
  encodeLeaders,
  encodeSummary,
  type KeptPass,
  type Pass,
} from '../../core/ledger/pass.ts';
import { Visits } from '../../core/ledger/visits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { type HourToFold, makePass, type Tried } from './make-pass.ts';
import { getObject, needObject, putObject } from './objects.ts';
import { done, type LedgerPorts, left, newToken, type Step } from './steps.ts';

export interface Slice {
  readonly visits: Visits;
  readonly leaders: Leaders;
  /** Duplicates that show only when the parts come together. */
  readonly rows: readonly FiguresRow[];
}

/**
 * Reads what an earlier run kept of the pass over a share, or makes the pass and keeps it. The summary is written last,
 * so a part with a summary is complete. The summary and the other objects name the attempt. So no run mixes the objects
 * of two attempts. An attempt may have ended early, or have read less because a log did not answer.
 */
export async function keptOrMade(
  hour: HourToFold,
  share: Share,
  ports: LedgerPorts,
  endMs: number,
): Promise<Tried<KeptPass>> {
  const kept = await readSummary(hour, share, ports);
  if (kept.kind === 'left') return kept;
  if (kept.value) return done(kept.value);
  const pass = await makePass(hour, share, ports, endMs);
  if (pass === 'too-much' || pass.kind === 'left') return pass;
  const attempt = newToken(ports);
  const written = await writePart(hour, share, attempt, pass.value, ports);
  if (written.kind === 'left') return written;
  const { counts, unreadable, rows } = pass.value;
  return written.value === 'exists' ? needSummary(hour, share, ports) : done({ counts, unreadable, rows, attempt });
}

async function readSummary(hour: HourToFold, share: Share, ports: LedgerPorts): Promise<Step<KeptPass | undefined>> {
  const object = await getObject(ports.buckets.home.bucket, keyOf(hour, share, summaryPiece));
  return object.kind === 'left' ? object : done(object.value && decodeSummary(object.value));
}

/** Reads the summary that another run has written meanwhile. */
async function needSummary(hour: HourToFold, share: Share, ports: LedgerPorts): Promise<Step<KeptPass>> {
  const kept = await readSummary(hour, share, ports);
  if (kept.kind === 'left') return kept;
  return kept.value ? done(kept.value) : left('what another run kept of a part cannot be understood');
}

async function writePart(
  hour: HourToFold,
  share: Share,
  attempt: string,
  pass: Pass,
  { buckets, clock }: LedgerPorts,
): Promise<Step<'written' | 'exists'>> {
  const write = (piece: string, bytes: Uint8Array) =>
    putObject(buckets.home.bucket, keyOf(hour, share, piece), bytes, clock);
  for (let slice = 0; slice < share.of; slice += 1) {
    const visits = await write(visitsPiece(slice, attempt), pass.visits.encodeSlice(slice, share.of));
    if (visits.kind === 'left') return visits;
    const leaders = await write(leadersPiece(slice, attempt), encodeLeaders(pass.leaders, slice, share.of));
    if (leaders.kind === 'left') return leaders;
  }
  return write(summaryPiece, encodeSummary({ ...pass, attempt }));
}

const summaryPiece = 'summary.ndjson.gz';
const visitsPiece = (slice: number, attempt: string) => `visits-${slice}-${attempt}.bin`;
const leadersPiece = (slice: number, attempt: string) => `leaders-${slice}-${attempt}.ndjson.gz`;

function keyOf({ hourStartMs, listing, revision }: HourToFold, { index, of }: Share, piece: string): string {
  return partKey(hourStartMs, `r${revision}-${listing.digest}-of-${of}`, index, piece);
}

/** Joins one slice of the visitors and leaders of all parts. */
export async function readSlice(
  hour: HourToFold,
  slice: number,
  parts: readonly KeptPass[],
  ports: LedgerPorts,
): Promise<Step<Slice>> {
  const { bucket } = ports.buckets.home;
  const of = parts.length;
  const [visits, leaders, tally] = [new Visits(), new Leaders(), new FiguresTally(hourName(hour.hourStartMs))];
  for (const [index, { attempt }] of parts.entries()) {
    const visitsOfPart = await needObject(bucket, keyOf(hour, { index, of }, visitsPiece(slice, attempt)));
    if (visitsOfPart.kind === 'left') return visitsOfPart;
    visits.addEncoded(visitsOfPart.value);
    const leadersOfPart = await needObject(bucket, keyOf(hour, { index, of }, leadersPiece(slice, attempt)));
    if (leadersOfPart.kind === 'left') return leadersOfPart;
    addLeaders(leaders, leadersOfPart.value, (loser) => tally.add(loser, true));
  }
  return done({ visits, leaders, rows: tally.rows() });
}
