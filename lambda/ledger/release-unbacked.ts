import { readCounted } from '../../core/ledger/counted-object.ts';
import { claimFirst, conversionHourStart } from '../../core/ledger/first-conversion.ts';
import type { Leader } from '../../core/ledger/leaders.ts';
import { limits } from '../../core/limits/limits.ts';
import { readFirsts } from './conversion-index.ts';
import { latestManifest } from './manifests.ts';
import { getObject } from './objects.ts';
import { releaseGone } from './release-gone.ts';
import { done, type LedgerPorts, left, type Step } from './steps.ts';

/**
 * Releases keys that the index holds for other hours although these hours do not count them. That happens when a run is
 * killed after its claims and before its revision, and the segment cannot be read at the next run. An hour without a
 * manifest keeps its keys: it was never final, or its manifests expired, and nothing says what it counts.
 */
export async function releaseUnbacked(
  leaders: readonly Leader[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  const held = await heldElsewhere(leaders, ports, endMs);
  if (held.kind === 'left') return held;
  for (const [hourStartMs, firstIds] of held.value) {
    if (ports.clock.nowMs() >= endMs) return left('the time is over');
    const counted = await countedIn(hourStartMs, ports);
    if (counted.kind === 'left') return counted;
    const unbacked = [...firstIds].filter(([key]) => counted.value?.has(key) === false);
    const released = await releaseGone(new Map(unbacked), ports, endMs);
    if (released.kind === 'left') return released;
  }
  return done(undefined);
}

type FirstIdsByHour = ReadonlyMap<number, ReadonlyMap<string, string>>;

/** The conversions that the index prefers to these leaders: ids by key, by the start of their hour. */
async function heldElsewhere(
  leaders: readonly Leader[],
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<FirstIdsByHour>> {
  const byHour = new Map<number, Map<string, string>>();
  for (let from = 0; from < leaders.length; from += limits.figures.chunkRowsMax) {
    if (ports.clock.nowMs() >= endMs) return left('the time is over');
    const batch = leaders.slice(from, from + limits.figures.chunkRowsMax);
    const keys = batch.map(({ key }) => key);
    const firsts = await readFirsts(keys, ports);
    if (firsts.kind === 'left') return firsts;
    for (const { key, event } of batch) {
      const first = firsts.value.get(key);
      if (first === undefined || claimFirst(key, event.id, first, '').isFirst) continue;
      const hourStartMs = conversionHourStart(first.firstId);
      byHour.set(hourStartMs, (byHour.get(hourStartMs) ?? new Map()).set(key, first.firstId));
    }
  }
  return done(byHour);
}

/** The keys that the latest revision of an hour counts; undefined when that is unknown. */
async function countedIn(hourStartMs: number, ports: LedgerPorts): Promise<Step<ReadonlySet<string> | undefined>> {
  const { bucket } = ports.buckets.home;
  const manifest = await latestManifest(bucket, hourStartMs);
  if (manifest.kind === 'left') return manifest;
  if (manifest.value === undefined) return done(undefined);
  const keys = new Set<string>();
  for (const object of manifest.value.counted) {
    const gzip = await getObject(bucket, object);
    if (gzip.kind === 'left') return gzip;
    const counted = gzip.value && readCounted(gzip.value);
    if (counted === undefined) return done(undefined);
    for (const key of counted.keys()) keys.add(key);
  }
  return done(keys);
}
