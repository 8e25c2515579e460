/**
 * Who put a copy of a segment into a bucket, so that an operator can ask later which way an event came. The object's
 * metadata keeps it, because the lines of a segment must be the same in both buckets.
 */
export interface SegmentWriter {
  readonly by: WriterName;
  /** The region that the writer ran in. */
  readonly region: string;
}

const writerNames = ['track', 'store', 'owed', 'replay', 'audit'] as const;
/**
 * `track`: `track` wrote it itself, as a rung of the ladder. `store`: from the intake queue of its region. `owed`: from a
 * failure queue. `replay`: from a stalled intake queue. `audit`: copied by repair from the other bucket, which `replay` did
 * in earlier releases.
 */
export type WriterName = (typeof writerNames)[number];

/** The name of the object's metadata entry. */
export const writerMetadata = 'keeptrack-writer';

export function encodeWriter({ by, region }: SegmentWriter): string {
  return `${by} ${region}`;
}

/** Undefined for objects of earlier releases and for any other text. */
export function parseWriter(text: string | undefined): SegmentWriter | undefined {
  const [name, region, ...more] = text?.split(' ') ?? [];
  const by = writerNames.find((known) => known === name);
  return by && region && more.length === 0 ? { by, region } : undefined;
}
