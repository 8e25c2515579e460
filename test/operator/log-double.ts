import { createHash } from 'node:crypto';
import type { ListedSegment } from '../../core/ledger/listing.ts';
import { hourPrefix } from '../../core/log/log-key.ts';
import { segmentsOf } from '../../core/log/segment.ts';
import type { SegmentWriter } from '../../core/log/segment-writer.ts';
import type { Fetched } from '../../core/ports.ts';
import type { AskedLog, ReadableLog } from '../../operator/clients/both-logs.ts';

interface Held {
  readonly body: Uint8Array;
  readonly writtenAtMs: number;
  readonly writer?: SegmentWriter;
}

/** One region's log in memory; `dead` answers nothing at all. */
export class LogDouble implements ReadableLog {
  readonly name: string;
  readonly region: string;
  readonly held = new Map<string, Held>();
  /** Keys that were read. */
  readonly reads: string[] = [];
  dead = false;
  /** Whether listings come to their end. */
  complete = true;

  constructor(region: string) {
    this.region = region;
    this.name = `log-${region}`;
  }

  asked(): AskedLog {
    return { region: this.region, bucket: this };
  }

  /** Keys of the segments of these lines. */
  write(lines: readonly string[], writtenAtMs: number, writer?: SegmentWriter): readonly string[] {
    const segments = segmentsOf(lines);
    for (const { key, gzip } of segments) this.held.set(key, { body: gzip, writtenAtMs, ...(writer && { writer }) });
    return segments.map(({ key }) => key);
  }

  async list(prefix: string) {
    if (this.dead) return noAnswer;
    const objects = [...this.held]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, { writtenAtMs, body }]) => ({ key, writtenAtMs, sizeBytes: body.length }));
    return { kind: 'ok', value: { objects, complete: this.complete } } as const;
  }

  /** As the command lists an hour to fold it. */
  async segments(hourStartMs: number): Promise<Fetched<readonly ListedSegment[]>> {
    if (this.dead) return noAnswer;
    const prefix = hourPrefix(hourStartMs);
    const held = [...this.held]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1));
    const etagOf = (body: Uint8Array) => createHash('md5').update(body).digest('hex');
    const segments = held.map(([key, { body }]) => ({ key, etag: etagOf(body), sizeBytes: body.length }));
    return { kind: 'ok', value: segments };
  }

  async get(key: string) {
    if (this.dead) return noAnswer;
    this.reads.push(key);
    const held = this.held.get(key);
    return held ? ({ kind: 'ok', value: { body: held.body, etag: '' } } as const) : missing;
  }

  async notes(key: string) {
    if (this.dead) return noAnswer;
    const held = this.held.get(key);
    if (held === undefined) return missing;
    const { writtenAtMs, writer } = held;
    return { kind: 'ok', value: { writtenAtMs, ...(writer && { writer }) } } as const;
  }
}

const noAnswer = { kind: 'failed', answer: { status: 0, code: 'Timeout' } } as const;
const missing = { kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } } as const;
