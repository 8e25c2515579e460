import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Bucket, Fetched, StoredObject } from '../../core/ports.ts';
import { SortedKeys } from '../../local/model/sorted-keys.ts';

/** S3's limit for a page. */
const pageKeys = 1_000;

interface Place {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly etag: string;
  /** What a listing says. Differs from `lengthBytes` for an object that stands for a larger one. */
  readonly listedBytes: number;
}

/** The objects of a bucket. Their bodies are in one file, so that they do not count as memory of the measured code. */
export class FileObjects {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keeptrack-bench-'));
  readonly #file = openSync(join(this.#folder, 'bodies'), 'w+');
  readonly #places = new Map<string, Place>();
  readonly #keys = new SortedKeys();
  #endBytes = 0;

  /** `listedBytes`: the size that listings say. */
  put(key: string, body: Uint8Array, listedBytes = body.length): string {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    writeSync(this.#file, body, 0, body.length, this.#endBytes);
    if (!this.#places.has(key)) this.#keys.add(key);
    this.#places.set(key, { offset: this.#endBytes, lengthBytes: body.length, etag, listedBytes });
    this.#endBytes += body.length;
    return etag;
  }

  placeOf(key: string): Place | undefined {
    return this.#places.get(key);
  }

  read({ offset, lengthBytes }: Place, fromByte = 0, countBytes = lengthBytes): Buffer {
    const body = Buffer.allocUnsafe(Math.max(0, Math.min(countBytes, lengthBytes - fromByte)));
    readSync(this.#file, body, 0, body.length, offset + fromByte);
    return body;
  }

  /** In order, at most a page. `next` is absent on the last page. */
  page(prefix: string, after: string | undefined): { readonly keys: readonly string[]; readonly next?: string } {
    const from = after === undefined ? this.#keys.firstNotBefore(prefix) : this.#keys.firstAfter(after);
    const past = this.#keys.firstPast(prefix);
    const count = Math.max(0, Math.min(past - from, pageKeys));
    const keys = Array.from({ length: count }, (_, index) => this.#keys.at(from + index) ?? '');
    const last = keys.at(-1);
    return from + count < past && last !== undefined ? { keys, next: last } : { keys };
  }

  /** The size of all objects whose keys begin with `prefix`. */
  bytesUnder(prefix: string): number {
    let bytes = 0;
    for (const [key, { lengthBytes }] of this.#places) if (key.startsWith(prefix)) bytes += lengthBytes;
    return bytes;
  }

  /** Removes the file. */
  remove(): void {
    closeSync(this.#file);
    rmSync(this.#folder, { recursive: true });
  }
}

/** What the calls to a bucket amount to. */
export interface BucketUse {
  puts: number;
  gets: number;
  lists: number;
}

export function bucketUse(): BucketUse {
  return { puts: 0, gets: 0, lists: 0 };
}

/** The port over the objects. Each call waits for `wait` before its effect. `use` counts the calls. */
export function fileBucket(objects: FileObjects, use: BucketUse, wait: (key: string) => Promise<void>): Bucket {
  const get = (
    key: string,
    unlessEtag: string | undefined,
    range?: readonly [number, number],
  ): Fetched<StoredObject> => {
    const place = objects.placeOf(key);
    if (!place) return failed(404, 'NoSuchKey');
    if (place.etag === unlessEtag) return failed(304, 'NotModified');
    const body = objects.read(place, ...(range ?? []));
    return { kind: 'ok', value: { body, etag: place.etag } };
  };
  return {
    putIfAbsent: async (key, body) => {
      use.puts += 1;
      await wait(key);
      if (objects.placeOf(key)) return { status: 412, code: 'PreconditionFailed' };
      objects.put(key, body);
      return stored;
    },
    replace: async (key, body, ifEtag) => {
      use.puts += 1;
      await wait(key);
      return objects.placeOf(key)?.etag === ifEtag
        ? { kind: 'ok', value: objects.put(key, body) }
        : failed(412, 'PreconditionFailed');
    },
    get: async (key, _budgetMs, unlessEtag) => {
      use.gets += 1;
      await wait(key);
      return get(key, unlessEtag);
    },
    getRange: async (key, fromByte, lengthBytes) => {
      use.gets += 1;
      await wait(key);
      return get(key, undefined, [fromByte, lengthBytes]);
    },
    list: async (prefix, _budgetMs, after) => {
      use.lists += 1;
      await wait(prefix);
      const { keys, ...more } = objects.page(prefix, after);
      const places = keys.flatMap((key) => objects.placeOf(key) ?? []);
      const etags = places.map(({ etag }) => etag);
      const sizesBytes = places.map(({ listedBytes }) => listedBytes);
      return { kind: 'ok', value: { keys, etags, sizesBytes, ...more } };
    },
  };
}

const stored: Answer = { status: 200, code: '' };

function failed(status: number, code: string): Fetched<never> {
  return { kind: 'failed', answer: { status, code } };
}
