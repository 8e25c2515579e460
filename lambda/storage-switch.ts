import type { Bucket } from '../core/ports.ts';
import { skippedBucket } from '../core/switches.ts';
import type { Side, Surroundings } from './places.ts';
import { createSwitchSource } from './switch-source.ts';

/** What an operator tells a region's functions about its log buckets. */
export interface StorageSwitch {
  /** The bucket that shall not be tried now. */
  skipped(): Side | undefined;
  /** See switch-source.ts. */
  refresh(): Promise<void>;
}

export interface StorageSwitchPorts extends Surroundings {
  /** The region in which this runs. */
  readonly region: string;
  readonly bucket: Readonly<Record<Side, Bucket>>;
}

export function createStorageSwitch({ region, bucket, ...around }: StorageSwitchPorts): StorageSwitch {
  const source = createSwitchSource({ ...around, name: 'storage', region, copies: [bucket.peer, bucket.home] });
  return {
    skipped: () => skippedBucket(source.current(), around.clock.nowMs()),
    refresh: source.refresh,
  };
}
