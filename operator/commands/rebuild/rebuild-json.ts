import { utcHour } from '../../cli/utc-hour.ts';
import type { RebuiltRegion } from './rebuild-region.ts';

/** Its shape is in docs/operations.md. */
export function rebuildJson(rebuilt: readonly RebuiltRegion[], dryRun: boolean) {
  return {
    dryRun,
    regions: rebuilt.map(({ region, done, left }) => ({ region, done: done.map(inUtc), left: left.map(inUtc) })),
  };
}

function inUtc<T extends { readonly hour: string }>(one: T): T {
  return { ...one, hour: utcHour(one.hour) };
}
