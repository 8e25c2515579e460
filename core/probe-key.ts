import { hourStart } from './log-key.ts';
import { probeId } from './probe.ts';
import { segmentKey } from './segment.ts';

/** Where the probe of a region and a minute lies in every log. */
export function probeKey(region: string, minuteStartMs: number): string {
  return segmentKey(hourStart(minuteStartMs), [probeId(region, minuteStartMs)]);
}
