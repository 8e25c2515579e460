import type { KeptPass, PassSummary } from '../../core/ledger/pass.ts';
import { slicesFor } from '../../core/ledger/slices.ts';
import { limits } from '../../core/limits/limits.ts';
import { type HourToFold, makePass, type Tried } from './make-pass.ts';
import { keptOrMade, readSlice, type Slice } from './parts.ts';
import { done, type LedgerPorts, left, type Step } from './steps.ts';

/** An hour that was read. Memory holds one slice of its visitors and leaders at a time. */
export interface FoldedHour {
  readonly summaries: readonly PassSummary[];
  readonly slices: number;
  slice(index: number): Promise<Step<Slice>>;
}

/**
 * Reads an hour in as many passes as its size takes, each over the events of one share of all ids. When there are
 * several passes, the result of each is kept in objects. A run that ends early leaves these results to the next run.
 */
export async function foldHour(hour: HourToFold, ports: LedgerPorts, endMs: number): Promise<Step<FoldedHour>> {
  for (let of = slicesFor(hour.listing.sizeBytes, ports.passBytesMax); of <= limits.ledger.partsMax; of *= 2) {
    const folded = await (of === 1 ? foldAtOnce(hour, ports, endMs) : foldInParts(hour, of, ports, endMs));
    if (folded !== 'too-much') return folded;
  }
  return left(`the hour is larger than ${limits.ledger.partsMax} passes`);
}

async function foldAtOnce(hour: HourToFold, ports: LedgerPorts, endMs: number): Promise<Tried<FoldedHour>> {
  const pass = await makePass(hour, { index: 0, of: 1 }, ports, endMs);
  if (pass === 'too-much' || pass.kind === 'left') return pass;
  const { visits, leaders } = pass.value;
  return done({ summaries: [pass.value], slices: 1, slice: async () => done({ visits, leaders, rows: [] }) });
}

async function foldInParts(
  hour: HourToFold,
  of: number,
  ports: LedgerPorts,
  endMs: number,
): Promise<Tried<FoldedHour>> {
  const summaries: KeptPass[] = [];
  for (let index = 0; index < of; index += 1) {
    const summary = await keptOrMade(hour, { index, of }, ports, endMs);
    if (summary === 'too-much') return summary;
    if (summary.kind === 'left') return left(`${index} of ${of} parts are read: ${summary.why}`);
    summaries.push(summary.value);
  }
  return done({ summaries, slices: of, slice: (index) => readSlice(hour, index, summaries, ports) });
}
