import { callOutcome } from '../../core/call-outcome.ts';
import { inParallel } from '../../core/in-parallel.ts';
import { type HourListing, readsAtOnce } from '../../core/ledger/listing.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseLogKey } from '../../core/log/log-key.ts';
import { openSegmentBytes } from '../../core/log/segment.ts';
import type { LogBucket } from '../../eventlog/log-buckets.ts';
import { done, type LedgerPorts, left, refused, type Step } from './steps.ts';

const { getBudgetMs } = limits.ledger;

/**
 * Hands over the bytes of each segment, unpacked, some read side by side, in no order. What home holds in a state not to
 * be read is taken from the peer; gives the keys of those that neither has. All of them are read or nothing is said.
 */
export async function readSegments(
  listing: HourListing,
  ports: LedgerPorts,
  endMs: number,
  onSegment: (plain: Buffer) => 'go on' | 'stop',
): Promise<Step<readonly string[]>> {
  const unreadable: string[] = [];
  let failure: Step<never> | undefined;
  let isStopped = false;
  await inParallel(listing.segments, readsAtOnce(listing), async ({ key }) => {
    if (failure || isStopped) return;
    const read = ports.clock.nowMs() >= endMs ? left('the time is over') : await readSegment(key, ports);
    if (read.kind === 'left') failure = read;
    else if (read.value === undefined) unreadable.push(key);
    else if (!isStopped) isStopped = onSegment(read.value) === 'stop';
  });
  return failure ?? done(unreadable);
}

/** Undefined when it can be read in neither log. */
async function readSegment(key: string, ports: LedgerPorts): Promise<Step<Buffer | undefined>> {
  const { home, peer } = ports.buckets;
  const own = await open(key, home);
  if (own.kind === 'open') return done(own.plain);
  if (own.kind === 'failed') return own.step;
  ports.log.error('a log holds what is no segment', { bucket: home.name, key, fault: own.fault });
  const copy = await open(key, peer);
  if (copy.kind === 'open' && copy.plain.length > 0) return done(copy.plain);
  // Also when the peer does not answer: an hour must not wait for a region that may never come back.
  ports.log.error('neither log has a segment to be read', { key });
  return done(undefined);
}

type Opened =
  | { readonly kind: 'open'; readonly plain: Buffer }
  | { readonly kind: 'corrupt'; readonly fault: string }
  | { readonly kind: 'failed'; readonly step: Step<never> };

async function open(key: string, { bucket }: LogBucket): Promise<Opened> {
  const parsed = parseLogKey(key);
  if (parsed === undefined) return { kind: 'corrupt', fault: 'not-a-segment' };
  const object = await bucket.get(key, getBudgetMs);
  if (object.kind === 'failed') {
    const isGone = callOutcome(object.answer) === 'missing';
    return { kind: 'failed', step: isGone ? left(`${key} went away`) : refused(`cannot read ${key}`, object.answer) };
  }
  const opened = openSegmentBytes(parsed, object.value.body);
  return opened.kind === 'plain' ? { kind: 'open', plain: opened.plain } : { kind: 'corrupt', fault: opened.reason };
}
