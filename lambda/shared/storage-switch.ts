import { skippedBucket } from '../../core/capture/switches.ts';
import type { Bucket } from '../../core/ports.ts';
import type { Side, StorageSwitchReader, Surroundings } from '../../eventlog/log-buckets.ts';
import { createSwitchSource } from './switch-source.ts';

export interface StorageSwitchPorts extends Surroundings {
  /** The region in which the function runs. */
  readonly region: string;
  readonly bucket: Readonly<Record<Side, Pick<Bucket, 'get'>>>;
}

export function createStorageSwitch({ region, bucket, ...around }: StorageSwitchPorts): StorageSwitchReader {
  const source = createSwitchSource({ ...around, name: 'storage', region, copies: [bucket.peer, bucket.home] });
  return {
    skipped: () => skippedBucket(source.current(), around.clock.nowMs()),
    refresh: source.refresh,
    isFresh: source.isFresh,
  };
}
