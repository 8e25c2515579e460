import { limits } from '../../../core/limits/limits.ts';
import { type Finding, mismatch } from './finding.ts';

/** Compares this machine's clock with AWS's. Switches expire by it, and AWS refuses signatures with a wrong time. */
export function judgeClock(region: string, theirsMs: number, oursMs: number): readonly Finding[] {
  const { clockSkewMsMax } = limits.doctor;
  const skewMs = oursMs - theirsMs;
  const expected = `at most ${clockSkewMsMax / 1_000} s apart`;
  const found = `${Math.abs(Math.round(skewMs / 1_000))} s ${skewMs > 0 ? 'ahead' : 'behind'}`;
  return mismatch({
    region,
    what: "this machine's clock",
    expected,
    found: Math.abs(skewMs) <= clockSkewMsMax ? expected : found,
    todo: 'set it by NTP before you use a switch',
  });
}
