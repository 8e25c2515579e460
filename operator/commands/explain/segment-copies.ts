import type { SegmentWriter } from '../../../core/log/segment-writer.ts';
import { type AskedLog, asked } from '../../clients/both-logs.ts';

/** The copy of a segment in one region's bucket. */
export type SegmentCopy =
  | {
      readonly kind: 'there';
      readonly region: string;
      readonly bucket: string;
      readonly writtenAtMs: number;
      /** Absent when an earlier release or an erasure wrote the copy. */
      readonly writer?: SegmentWriter;
    }
  | { readonly kind: 'missing'; readonly region: string; readonly bucket: string }
  | { readonly kind: 'unknown'; readonly region: string; readonly bucket: string; readonly reason: string };

export function copiesOf(key: string, logs: readonly AskedLog[]): Promise<readonly SegmentCopy[]> {
  return Promise.all(logs.map((log) => copyIn(log, key)));
}

async function copyIn(log: AskedLog, key: string): Promise<SegmentCopy> {
  const place = { region: log.region, bucket: log.bucket.name };
  const notes = await asked(log, (bucket) => bucket.notes(key));
  if (notes) return { kind: 'there', ...place, ...notes };
  return log.reason === undefined ? { kind: 'missing', ...place } : { kind: 'unknown', ...place, reason: log.reason };
}
