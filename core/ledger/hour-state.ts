import { hourStateKey } from '../figures/table-keys.ts';
import { hourName } from '../log/log-key.ts';
import type { TableItem, TablePut } from '../ports.ts';
import { digestOf } from './digest.ts';
import type { Manifest } from './manifest.ts';

/** What the table says of an hour: which final rows are in force. */
export interface FinalHourState {
  readonly revision: number;
  /** Which that revision was made of. */
  readonly segments: number;
  /** Rows of earlier revisions are gone. */
  readonly isTidy: boolean;
}

/**
 * The digest that an hour's state names and whose first 8 digits its rows carry. It has the revision in it, so that no
 * two revisions share a row: what tidies up after one can then never take a row away from a later one that came to the
 * same figures. Two regions' figures are compared by `figures_digest`, which has not.
 */
export function rowsDigest(revision: number, figuresDigest: string): string {
  return digestOf([`${revision}`, figuresDigest]);
}

/** Brings the rows of a manifest into force, unless those of a later one are. */
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
