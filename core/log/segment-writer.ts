/**
 * Who put a copy of a segment into a bucket; kept with the object, since nothing in its lines may differ from bucket to
 * bucket. Whoever asks later which way an event came reads it there.
 */
export interface SegmentWriter {
  readonly by: WriterName;
  /** The region that the writer ran in. */
  readonly region: string;
}

const writerNames = ['track', 'store', 'owed', 'replay', 'audit'] as const;
/**
 * `track`: straight, as a rung of the ladder. `store`: from the intake queue of its region. `owed`: from a failure
 * queue. `replay`: from an intake queue whose pollers stalled. `audit`: copied by repair from the other bucket, which
 * `replay` did in earlier releases.
 */
export type WriterName = (typeof writerNames)[number];

/** Name of the object's metadata. */
export const writerMetadata = 'keeptrack-writer';

export function encodeWriter({ by, region }: SegmentWriter): string {
  return `${by} ${region}`;
}

/** Undefined for objects of earlier releases, and whatever else was put there. */
export function parseWriter(text: string | undefined): SegmentWriter | undefined {
  const [name, region, ...more] = text?.split(' ') ?? [];
  const by = writerNames.find((known) => known === name);
  return by && region && more.length === 0 ? { by, region } : undefined;
}
