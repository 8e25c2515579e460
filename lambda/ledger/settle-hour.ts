import { readFiguresObject } from '../../core/ledger/figures-object.ts';
import { encodeManifest, type Manifest } from '../../core/ledger/manifest.ts';
import { figuresKey, manifestKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { type DueWork, dueWorkOf, type Examined, examineHour, type Wanted } from './examine-hour.ts';
import { foldHour } from './fold-hour.ts';
import { makeFigures, type RevisionFigures } from './make-figures.ts';
import { manifestOf } from './manifest-of.ts';
import { needObject, putObject } from './objects.ts';
import { bringIntoForce, writeRows } from './publish.ts';
import { forgetReopening, reopen } from './reopening.ts';
import { hasSameSegments } from './segment-ids.ts';
import { done, type LedgerPorts, left, type Step } from './steps.ts';

const { attemptsMax } = limits.ledger;

export interface Settled {
  /** `final`: a new revision is in force. `mended`: an earlier one is in force now. `same`: nothing had to change. */
  readonly outcome: 'final' | 'mended' | 'same';
  readonly manifest?: Manifest;
}

/** Another run put this revision first. `counted`: keys of the objects with the conversions that this run claimed. */
interface Overtaken {
  readonly kind: 'overtaken';
  readonly counted: readonly string[];
}

/**
 * Does the work that an hour needs. When another run was faster, this run's claims may contradict the log and the other
 * run's revision. So the hour is reopened and made once more.
 */
export async function settleHour(
  hourStartMs: number,
  wanted: Wanted,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Settled>> {
  const claimed: string[] = [];
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const examined = await examineHour(hourStartMs, ports);
    if (examined.kind === 'left') return examined;
    const due = dueWorkOf(examined.value, ports.clock.nowMs(), wanted);
    const settled = await settle(due, { ...examined.value, claimed, wasOvertaken: attempt > 1 }, ports, endMs);
    if (settled.kind !== 'overtaken') return settled;
    claimed.push(...settled.counted);
    const reopened = await reopen(hourStartMs, ports, endMs);
    if (reopened.kind === 'left') return reopened;
  }
  return left('other runs make the hour final all the time');
}

/** An hour, and the claims of this run's earlier attempts. */
interface HourAtHand extends Examined {
  /** Keys of the objects with the conversions that overtaken attempts claimed. */
  readonly claimed: readonly string[];
  readonly wasOvertaken: boolean;
}

async function settle(
  due: DueWork,
  examined: HourAtHand,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Settled> | Overtaken> {
  if (ports.clock.nowMs() >= endMs) return left('the time is over');
  switch (due.kind) {
    case 'nothing':
      return done({ outcome: 'same', ...(examined.latest && { manifest: examined.latest }) });
    case 'refuse':
      return left(due.why);
    case 'mend':
      return mend(due.latest, examined, ports, endMs);
    case 'make':
      return make(due, examined, ports, endMs);
  }
}

/** Finishes a revision whose run was killed. Rows that are written twice are the same rows. */
async function mend(
  latest: Manifest,
  { hourStartMs }: Examined,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Settled>> {
  const object = await needObject(ports.buckets.home.bucket, figuresKey(hourStartMs, latest.figuresDigest));
  if (object.kind === 'left') return object;
  const rows = readFiguresObject(object.value);
  if (rows === undefined) return left('the figures of the latest revision cannot be understood');
  const written = await writeRows(hourStartMs, latest, rows, ports, endMs);
  if (written.kind === 'left') return written;
  const inForce = await bringIntoForce(hourStartMs, latest, ports, endMs);
  return inForce.kind === 'left' ? inForce : done({ outcome: 'mended', manifest: latest });
}

async function make(
  due: DueWork & { readonly kind: 'make' },
  examined: HourAtHand,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Settled> | Overtaken> {
  const { hourStartMs, latest, state, listing, claimed } = examined;
  const revision = (latest?.revision ?? state.revision) + 1;
  const folded = await foldHour({ hourStartMs, listing, revision }, ports, endMs);
  if (folded.kind === 'left') return folded;
  const known = { before: [...(latest?.counted ?? []), ...claimed], isIndexDoubted: due.asked };
  const figures = await makeFigures(hourStartMs, folded.value, known, ports, endMs);
  if (figures.kind === 'left') return figures;
  noteUnreadable(figures.value, ports);
  if (!due.asked && latest !== undefined && isSame(latest, examined, figures.value)) {
    return confirm(latest, examined, ports, endMs);
  }
  const cause = causeOf(due, examined, figures.value);
  const manifest = await manifestOf({ ...due, cause }, revision, examined, figures.value, ports, endMs);
  if (manifest.kind === 'left') return manifest;
  return publish(manifest.value, figures.value, examined, ports, endMs);
}

/** After an erasure the segments are the same, and more events are redacted. */
function causeOf(
  { cause }: DueWork & { readonly kind: 'make' },
  examined: HourAtHand,
  { counts }: RevisionFigures,
): string {
  const { hourStartMs, latest, listing } = examined;
  if (cause !== 'late' || latest === undefined || counts.redacted <= (latest.redacted ?? 0)) return cause;
  return hasSameSegments(hourStartMs, latest, listing) ? 'erased' : cause;
}

/**
 * A new revision would equal the latest one, so none is made. The latest one may not be in force yet. An overtaken
 * attempt of this run may also have left rows that never come into force.
 */
async function confirm(
  latest: Manifest,
  examined: HourAtHand,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Settled>> {
  const isInForce = examined.state.revision === latest.revision && examined.state.isTidy;
  if (!isInForce) {
    const mended = await mend(latest, examined, ports, endMs);
    if (mended.kind === 'left') return mended;
  } else if (examined.wasOvertaken) {
    const tidied = await bringIntoForce(examined.hourStartMs, latest, ports, endMs);
    if (tidied.kind === 'left') return tidied;
  }
  const closed = await forgetReopening(examined, ports, endMs);
  return closed.kind === 'left' ? closed : done({ outcome: isInForce ? 'same' : 'mended', manifest: latest });
}

/** No revision is in force before its manifest is in the bucket, and only one run can put the manifest. */
async function publish(
  manifest: Manifest,
  { rows }: RevisionFigures,
  examined: Examined,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<Settled> | Overtaken> {
  const { hourStartMs } = examined;
  const written = await writeRows(hourStartMs, manifest, rows, ports, endMs);
  if (written.kind === 'left') return written;
  const key = manifestKey(hourStartMs, manifest.revision);
  const put = await putObject(ports.buckets.home.bucket, key, Buffer.from(encodeManifest(manifest)), ports.clock);
  if (put.kind === 'left') return put;
  if (put.value === 'exists') return { kind: 'overtaken', counted: manifest.counted };
  ports.metrics.count(metrics.hoursFinal, 1, { cause: manifest.cause });
  const inForce = await bringIntoForce(hourStartMs, manifest, ports, endMs);
  if (inForce.kind === 'left') return inForce;
  const closed = await forgetReopening(examined, ports, endMs);
  return closed.kind === 'left' ? closed : done({ outcome: 'final', manifest });
}

/** Compares everything that a manifest says of the log and of the figures. */
function isSame(latest: Manifest, { listing }: Examined, figures: RevisionFigures): boolean {
  return (
    latest.listing === listing.digest &&
    latest.figuresDigest === figures.digest &&
    latest.unreadable.join() === figures.unreadable.join() &&
    latest.counted.join() === figures.counted.join() &&
    latest.visits.join() === figures.visits.join()
  );
}

function noteUnreadable({ unreadable }: RevisionFigures, { metrics: counts, log }: LedgerPorts): void {
  if (unreadable.length === 0) return;
  counts.count(metrics.segmentsUnreadable, unreadable.length);
  log.error('segments that neither log holds in a state to be read', { keys: unreadable });
}
