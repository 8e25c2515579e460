import { hourStateKey } from '../figures/table-keys.ts';
import { limits } from '../limits/limits.ts';
import { hourMs, hourName } from '../log/log-key.ts';
import type { TableItem, TablePut } from '../ports.ts';
import type { Manifest } from './manifest.ts';
import { digestOf } from './object-keys.ts';

/**
 * From when on the ledger makes an hour final by itself, ms since the epoch. Before that, events of the hour can still
 * be on their way: figures made earlier would lack them and yet count as final.
 */
export function closesAtMs(hourStartMs: number): number {
  return hourStartMs + hourMs + limits.ledger.close.afterMinutes * 60_000;
}

/** What the table says of an hour: which final rows are in force. */
export interface FinalHourState {
  readonly revision: number;
  /** How many segments the revision was made of. */
  readonly segments: number;
  /** The rows of earlier revisions are deleted. */
  readonly isTidy: boolean;
}

/**
 * The digest that an hour's state names. The hour's rows carry its first 8 digits. The revision is part of it, so two
 * revisions never share a row: deleting the rows of one revision cannot hit a later one with the same figures. The
 * regions compare their figures by `figures_digest`, which does not depend on the revision.
 */
export function rowsDigest(revision: number, figuresDigest: string): string {
  return digestOf([`${revision}`, figuresDigest]);
}

/** Brings the rows of a manifest into force, unless rows of a later revision are in force. */
export function stateFlip(hourStartMs: number, manifest: Manifest): TablePut {
  const { revision, cause, figuresDigest, segments, events, atMs } = manifest;
  return {
    kind: 'put',
    item: {
      ...hourStateKey(hourName(hourStartMs)),
      revision: BigInt(revision),
      cause,
      digest: rowsDigest(revision, figuresDigest),
      figures_digest: figuresDigest,
      segments: BigInt(segments),
      events: BigInt(events),
      finalized_at: BigInt(atMs),
    },
    when: [
      { attribute: 'revision', is: 'absent' },
      { attribute: 'revision', is: 'less', value: BigInt(revision) },
    ],
  };
}

export function stateOf(item: TableItem | undefined): FinalHourState {
  const revision = Number(item?.['revision'] ?? 0);
  const segments = Number(item?.['segments'] ?? 0);
  return { revision, segments, isTidy: revision === Number(item?.['tidy'] ?? 0) };
}
