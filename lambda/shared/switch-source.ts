import {
  isSwitchInForce,
  readSwitchCopy,
  type SwitchCopy,
  type Switches,
  type SwitchName,
  switchKey,
} from '../../core/capture/switches.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Bucket } from '../../core/ports.ts';
import type { Surroundings } from '../../eventlog/log-buckets.ts';
import { createRefresh } from './refresh.ts';

export interface SwitchPorts<Name extends SwitchName> extends Surroundings {
  readonly name: Name;
  /** The region that the switch is about. */
  readonly region: string;
  /** The copy in the log bucket of that region's peer counts. The other copy is in the region's own bucket. */
  readonly copies: readonly [counts: Pick<Bucket, 'get'>, own: Pick<Bucket, 'get'>];
}

/** A switch as one environment knows it. */
export interface SwitchSource<Value> {
  /** The last good value, however old. Undefined when the switch was not set, or could never be read. */
  current(): Value | undefined;
  /**
   * Reads the switch when the held value is some seconds old. Resolves when that has ended, well or not, within the
   * budgets of two copies. A click starts it and does not wait. An environment that was frozen in between reads on
   * where it was.
   */
  refresh(): Promise<void>;
  /** Whether the last read, well or not, began at most `limits.switches.inForceMs` ago. */
  isFresh(): boolean;
}

/**
 * Missing and unreadable are not the same (docs/decisions/0006). While the copy that decides cannot be read, the held
 * value stays in force. Only a later value in the other copy replaces it.
 */
export function createSwitchSource<Name extends SwitchName>(ports: SwitchPorts<Name>): SwitchSource<Switches[Name]> {
  const { clock, copies } = ports;
  let held: Switches[Name] | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  const read = async () => {
    const beganAtMs = clock.nowMs();
    const before = held;
    const [counts, own] = copies;
    const copy = await readCopy(ports, counts, 'peer');
    if (copy.kind === 'unreadable') held = later(held, await readCopy(ports, own, 'own'));
    else held = copy.kind === 'switch' ? copy.value : undefined;
    report(ports, before, held);
    readAtMs = beganAtMs;
    return limits.switches.refreshIntervalMs;
  };
  return {
    current: () => held,
    refresh: createRefresh({ clock, dueAtMs: Number.NEGATIVE_INFINITY, read }),
    isFresh: () => clock.nowMs() - readAtMs <= limits.switches.inForceMs,
  };
}

async function readCopy<Name extends SwitchName>(
  { name, region, metrics, log }: SwitchPorts<Name>,
  bucket: Pick<Bucket, 'get'>,
  whose: 'peer' | 'own',
): Promise<SwitchCopy<Switches[Name]>> {
  const copy = readSwitchCopy(name, region, await bucket.get(switchKey(name, region), limits.switches.readBudgetMs));
  if (copy.kind === 'unreadable') {
    metrics.count(metricNames.switchUnreadable, 1, { switch: name });
    log.warn('a switch could not be read', { switch: name, region, copy: whose, problems: copy.problems });
  }
  return copy;
}

function later<Value extends Switches[SwitchName]>(
  held: Value | undefined,
  copy: SwitchCopy<Value>,
): Value | undefined {
  if (copy.kind !== 'switch' || (held !== undefined && copy.value.at <= held.at)) return held;
  return copy.value;
}

/** Counts a switch at each read while it is in force. Logs only changes. */
function report<Name extends SwitchName>(
  { name, region, clock, metrics, log }: SwitchPorts<Name>,
  before: Switches[Name] | undefined,
  held: Switches[Name] | undefined,
): void {
  if (isSwitchInForce(held, clock.nowMs())) metrics.gauge(metricNames.switchInForce, 1, { switch: name });
  if (held?.at === before?.at && held?.set === before?.set) return;
  log.info('a switch changed', { switch: name, region, now: held ?? 'not set' });
}
