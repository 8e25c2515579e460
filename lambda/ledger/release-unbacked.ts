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
 * Gives up keys that the index holds for other hours although these do not count them: a run that claimed them was killed
 * before its revision, and their segment could not be read at the next one. What cannot be told stays as it is: an hour that never
 * was final, or is so old that its manifests expired, says nothing of what it counts.
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

/** For whom the index holds what these leaders do not get: ids by key, by the start of the hour that has them. */
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

/** Keys that the latest revision of an hour counts; undefined when nothing says so. */
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
