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
  /** The log bucket of that region's peer, whose copy counts, and then its own. */
  readonly copies: readonly [counts: Bucket, own: Bucket];
}

/** A switch as one environment knows it. */
export interface SwitchSource<Value> {
  /** The last good one, however old; undefined when it was not set, or could never be read. */
  current(): Value | undefined;
  /**
   * Reads it when what is held is some seconds old, and resolves when that has ended, well or not, within the budgets of
   * two copies. A click starts it and goes on: an environment frozen in between reads on where it was.
   */
  refresh(): Promise<void>;
}

/**
 * Missing and unreadable are two things (docs/decisions/0006): while the copy that counts cannot be read, what is held
 * goes on, and only what was set later, as the other copy tells, takes its place.
 */
export function createSwitchSource<Name extends SwitchName>(ports: SwitchPorts<Name>): SwitchSource<Switches[Name]> {
  const { clock, copies } = ports;
  let held: Switches[Name] | undefined;
  const read = async () => {
    const before = held;
    const [counts, own] = copies;
    const copy = await readCopy(ports, counts, 'peer');
    if (copy.kind === 'unreadable') held = later(held, await readCopy(ports, own, 'own'));
    else held = copy.kind === 'switch' ? copy.value : undefined;
    report(ports, before, held);
    return limits.switches.refreshIntervalMs;
  };
  return { current: () => held, refresh: createRefresh({ clock, dueAtMs: Number.NEGATIVE_INFINITY, read }) };
}

async function readCopy<Name extends SwitchName>(
  { name, region, metrics, log }: SwitchPorts<Name>,
  bucket: Bucket,
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

/** Shown at each read for as long as it is in force; a line only when it changes. */
function report<Name extends SwitchName>(
  { name, region, clock, metrics, log }: SwitchPorts<Name>,
  before: Switches[Name] | undefined,
  held: Switches[Name] | undefined,
): void {
  if (isSwitchInForce(held, clock.nowMs())) metrics.gauge(metricNames.switchInForce, 1, { switch: name });
  if (held?.at === before?.at && held?.set === before?.set) return;
  log.info('a switch changed', { switch: name, region, now: held ?? 'not set' });
}
