import { createHash } from 'node:crypto';
import type { LocalCloud } from '../local/handle.ts';

/**
 * What can lie in a log through no fault of ours: `garbage` is an object under a segment's key that is no segment, in
 * all logs; `rot` spoils the one copy of the largest segment that both logs have.
 */
export const plantKinds = ['garbage', 'rot'] as const;
export type PlantKind = (typeof plantKinds)[number];

export interface Plant {
  readonly kind: PlantKind;
  readonly key: string;
  /** Where it lies. */
  readonly regions: readonly string[];
}

/** Undefined when there is nothing to spoil yet. */
export function plant(cloud: LocalCloud, kind: PlantKind, region: string, nowMs: number): Plant | undefined {
  const planted = kind === 'garbage' ? garbage(cloud, nowMs) : rot(cloud, region);
  const bytes = Buffer.from(`${kind} planted by a drill`);
  if (planted !== undefined) for (const one of planted.regions) cloud.plantLogObject(one, planted.key, bytes);
  return planted;
}

function garbage({ regions }: LocalCloud, nowMs: number): Plant {
  const hour = hourNameOf(nowMs);
  const id = createHash('sha256').update(`garbage ${nowMs}`).digest('hex').slice(0, 32);
  const key = `log/dt=${hour.slice(0, 10)}/hr=${hour.slice(11)}/${id}.ndjson.gz`;
  return { kind: 'garbage', key, regions };
}

/** The largest segment: one with a probe alone would be missed by nobody. */
function rot(cloud: LocalCloud, region: string): Plant | undefined {
  const others = cloud.regions.filter((other) => other !== region).map((other) => new Set(cloud.logKeys(other)));
  const inAll = cloud.logKeys(region).filter((key) => others.every((keys) => keys.has(key)));
  const [largest] = inAll
    .map((key) => ({ key, bytes: cloud.logObject(region, key).length }))
    .sort((left, right) => right.bytes - left.bytes);
  return largest && { kind: 'rot', key: largest.key, regions: [region] };
}

/** UTC, `2026-11-23T05`. */
export function hourNameOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 13);
}

export function isPlanted(plants: readonly Plant[], region: string, key: string): boolean {
  return plants.some((one) => one.key === key && one.regions.includes(region));
}
