import { probeId } from './event/probe.ts';
import { hourStart } from './log/log-key.ts';
import { segmentKey } from './log/segment.ts';

/** Where the probe of a region and a minute lies in every log. */
export function probeKey(region: string, minuteStartMs: number): string {
  return segmentKey(hourStart(minuteStartMs), [probeId(region, minuteStartMs)]);
}
