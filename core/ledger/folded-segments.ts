import { hash } from 'node:crypto';
import { parseLogKey } from '../log/log-key.ts';
import { parseObject } from '../parse-json.ts';
import type { ListedSegment } from './listing.ts';
import { WordTable } from './word-table.ts';

/** What a group has of one segment. An erasure changes the etag: then the segment has to be folded again. */
export interface GroupedSegment {
  /** The segment id, 32 hex digits. */
  readonly id: string;
  readonly etag: string;
  readonly events: number;
  /** Lines that are no events. */
  readonly faults: number;
  /** Neither log holds the segment in a readable state. Nothing of it is folded. */
  readonly unreadable?: true;
}

export function encodeGroup(segments: readonly GroupedSegment[]): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, segments }));
}

/** Undefined when the bytes are no group. */
export function readGroup(bytes: Uint8Array): readonly GroupedSegment[] | undefined {
  const { v, segments } = parseObject(Buffer.from(bytes).toString()) ?? {};
  return v === 1 && Array.isArray(segments) ? (segments as readonly GroupedSegment[]) : undefined;
}

export interface KnownSegment {
  readonly faults: number;
  readonly isReadable: boolean;
}

const readableMark = 1;

/** Which segments of an hour the groups contain: 24 bytes for each, because an hour can have millions of them. */
export class FoldedSegments {
  readonly #table = new WordTable(2);

  add(segments: readonly GroupedSegment[]): void {
    for (const { id, etag, faults, unreadable } of segments) {
      const { at } = this.#table.place(keyOf(id, etag));
      const { words } = this.#table;
      if (unreadable) continue;
      words[at + markAt] = readableMark;
      words[at + faultsAt] = faults;
    }
  }

  /** Undefined when no group has this version of the segment. */
  find({ key, etag }: Pick<ListedSegment, 'key' | 'etag'>): KnownSegment | undefined {
    const id = parseLogKey(key)?.segmentId;
    const at = id === undefined ? undefined : this.#table.find(keyOf(id, etag));
    if (at === undefined) return undefined;
    const { words } = this.#table;
    return { faults: words[at + faultsAt] ?? 0, isReadable: words[at + markAt] === readableMark };
  }
}

const markAt = 4;
const faultsAt = 5;

function keyOf(id: string, etag: string): Uint32Array {
  const bytes = hash('sha256', `${id} ${etag}`, 'buffer');
  return Uint32Array.of(bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12));
}
