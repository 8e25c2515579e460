import { parseObject } from '../parse-json.ts';

/** Who published which catalog, and when: one object beside the current snapshot, in each region's log bucket. */

export const publicationsKey = 'catalog/published.json';

export interface Publication {
  readonly version: string;
  /** Ms since the epoch, by the clock of the operator's machine. */
  readonly atMs: number;
  readonly by: string;
  /** The version that the operator saw in force; absent for the first. */
  readonly replaces?: string;
  /** Published without a look at what was there. */
  readonly overwrote?: true;
}

/** Older publications are left out. */
const keptMax = 1_000;

export function encodePublications(publications: readonly Publication[]): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, publications }, null, 1)}\n`);
}

/** Undefined when the bytes are no such object. */
export function parsePublications(bytes: Uint8Array): readonly Publication[] | undefined {
  const { v, publications } = parseObject(Buffer.from(bytes).toString()) ?? {};
  return v === 1 && Array.isArray(publications) && publications.every(isPublication) ? publications : undefined;
}

function isPublication(value: unknown): value is Publication {
  const { version, by, atMs } = (value ?? {}) as Record<string, unknown>;
  return typeof version === 'string' && typeof by === 'string' && Number.isSafeInteger(atMs);
}

/** The publications of both regions, each once, the latest last. A region that was down lacks some of them. */
export function mergedPublications(lists: readonly (readonly Publication[])[]): readonly Publication[] {
  const byName = new Map(lists.flat().map((one) => [`${one.atMs} ${one.version} ${one.by}`, one]));
  return [...byName.values()].sort((one, other) => one.atMs - other.atMs).slice(-keptMax);
}
