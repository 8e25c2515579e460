import { inParallel } from '../../core/in-parallel.ts';
import type { ListedSegment } from '../../core/ledger/listing.ts';
import { hourPrefix, parseLogKey } from '../../core/log/log-key.ts';
import { shardsOf } from '../../core/log/log-shards.ts';
import type { ListingPage } from '../../core/ports.ts';
import type { Side } from '../../eventlog/log-buckets.ts';
import type { FoldRun } from './run.ts';

/** Shards of a large hour that are listed at once. */
const shardsAtOnceMax = 8;

/**
 * Yields the segments of an hour of a log, some thousand at a time, each once. A large hour is listed in shards, in a
 * random order, so that runs that overlap share the work.
 */
export async function* scanLog(
  run: FoldRun,
  hourStartMs: number,
  side: Side = 'home',
): AsyncGenerator<readonly ListedSegment[]> {
  const prefix = hourPrefix(hourStartMs);
  const page = await run.listPage(prefix, side);
  if (page.next === undefined) {
    yield segmentsOf(page);
    return;
  }
  const shards = run.shuffled(shardsOf(prefix, page.next));
  for (let from = 0; from < shards.length; from += shardsAtOnceMax) {
    const listed = await inParallel(shards.slice(from, from + shardsAtOnceMax), shardsAtOnceMax, (shard) =>
      run.list(shard, side),
    );
    yield listed.flat().filter(isSegment);
  }
}

function segmentsOf({ keys, etags, sizesBytes }: ListingPage): readonly ListedSegment[] {
  const objects = keys.map((key, index) => ({ key, etag: etags[index] ?? '', sizeBytes: sizesBytes[index] ?? 0 }));
  return objects.filter(isSegment);
}

/** An object under a foreign name is no part of the log. */
function isSegment({ key }: ListedSegment): boolean {
  return parseLogKey(key) !== undefined;
}
