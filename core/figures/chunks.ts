import { limits } from '../limits/limits.ts';
import { hourName, type LogKey } from '../log/log-key.ts';
import type { TableKey, TableUpdate, TableWrite } from '../ports.ts';
import type { FiguresRow } from './row.ts';
import { expiresAtOf, markerKey, provisionalRowNames } from './table-keys.ts';

const { chunkRowsMax } = limits.figures;

/** What is counted in one transaction: rows, and the marker which says that they are. */
export interface Chunk {
  readonly marker: TableKey;
  /** Of the whole segment. */
  readonly chunkCount: number;
  readonly rows: readonly FiguresRow[];
}

/**
 * A segment's rows in as few transactions as they take. The same rows make the same chunks, however often and by
 * whomever the segment is counted: `rows` come in the order of their keys. A segment without rows is a chunk too, so
 * that its marker tells that somebody heard of it.
 */
export function chunksOf({ hourStartMs, segmentId }: LogKey, rows: readonly FiguresRow[]): readonly Chunk[] {
  const chunkCount = Math.max(1, Math.ceil(rows.length / chunkRowsMax));
  return Array.from({ length: chunkCount }, (_, index) => ({
    marker: markerKey(hourName(hourStartMs), segmentId, index),
    chunkCount,
    rows: rows.slice(index * chunkRowsMax, (index + 1) * chunkRowsMax),
  }));
}

/** The transaction of a chunk; its marker comes first, and keeps it from happening twice. */
export function chunkWrites({ marker, chunkCount, rows }: Chunk, hourStartMs: number): readonly TableWrite[] {
  const expiresAt = expiresAtOf(hourStartMs);
  return [
    {
      kind: 'put',
      item: { ...marker, chunks: BigInt(chunkCount), expires_at: expiresAt },
      when: [{ attribute: 'pk', is: 'absent' }],
    },
    ...rows.map((row) => rowUpdate(row, expiresAt)),
  ];
}

function rowUpdate({ key, counters }: FiguresRow, expiresAt: bigint): TableUpdate {
  const { pk, sk, affiliate_pk } = provisionalRowNames(key);
  return { kind: 'update', key: { pk, sk }, set: { affiliate_pk, expires_at: expiresAt }, add: counters };
}
