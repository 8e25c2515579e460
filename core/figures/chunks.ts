import { limits } from '../limits/limits.ts';
import { hourName, type LogKey } from '../log/log-key.ts';
import type { TableKey, TableUpdate, TableWrite } from '../ports.ts';
import type { FiguresRow } from './row.ts';
import { expiresAtOf, markerKey, provisionalRowNames } from './table-keys.ts';

const { chunkRowsMax } = limits.figures;

/** The rows that one transaction counts, and the marker that says that they are counted. docs/decisions/0010 */
export interface Chunk {
  readonly marker: TableKey;
  /** How many chunks the whole segment has. */
  readonly chunkCount: number;
  readonly rows: readonly FiguresRow[];
}

/**
 * Splits a segment's rows into as few transactions as possible. `rows` are sorted by key, so every count of the segment
 * makes the same chunks. A segment without rows also has a chunk: its marker tells that the segment was announced.
 */
export function chunksOf({ hourStartMs, segmentId }: LogKey, rows: readonly FiguresRow[]): readonly Chunk[] {
  const chunkCount = Math.max(1, Math.ceil(rows.length / chunkRowsMax));
  return Array.from({ length: chunkCount }, (_, index) => ({
    marker: markerKey(hourName(hourStartMs), segmentId, index),
    chunkCount,
    rows: rows.slice(index * chunkRowsMax, (index + 1) * chunkRowsMax),
  }));
}

/** The transaction of a chunk. The condition on its marker, the first write, prevents a second count. */
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
