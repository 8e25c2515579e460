import fc from 'fast-check';
import { encodeSwitch, isShiftedAway, type Switch, switchKey } from '../../core/capture/switches.ts';
import { createSwitchSource } from '../../lambda/shared/switch-source.ts';
import { SimulatedEnvironment } from '../../simulation/environment.ts';
import { inProcessBucket } from '../../simulation/in-process-bucket.ts';
import { type RegionName, regionNames, type SimulatedWorld } from '../../simulation/world.ts';

/** An operator's change of a switch in the middle of faults. */
export interface Flip {
  readonly region: RegionName;
  readonly set: 'away' | 'back' | 'skip-home' | 'skip-peer' | 'auto';
  /** The regions whose buckets took the switch: none, one or both. */
  readonly to: readonly RegionName[];
  /** The age of the switch when it is written. */
  readonly ageMs: number;
  /** The object is not readable as a switch. */
  readonly isGarbage: boolean;
  readonly skipsForMs: number;
  /** In ms after the beginning. */
  readonly atMs: number;
}

export function anyFlip(withinMs: number): fc.Arbitrary<Flip> {
  return fc.record({
    region: fc.constantFrom(...regionNames),
    set: fc.constantFrom('away', 'back', 'skip-home', 'skip-peer', 'auto'),
    to: fc.subarray([...regionNames]),
    ageMs: fc.constantFrom(0, 0, 3 * 3_600_000),
    isGarbage: fc.constantFrom(false, false, true),
    skipsForMs: fc.constantFrom(20_000, 10 * 60_000),
    atMs: fc.integer({ min: 0, max: withinMs }),
  });
}

export function scheduleFlips(world: SimulatedWorld, flips: readonly Flip[]): void {
  for (const flip of flips) world.time.after(flip.atMs, () => write(world, flip));
}

function write(world: SimulatedWorld, flip: Flip): void {
  const value = switchOf(flip, world.time.nowMs() - flip.ageMs);
  const text = flip.isGarbage ? '{"v":1,' : encodeSwitch(value);
  for (const region of flip.to) {
    world.regions[region].bucket.put(switchKey(value.switch, value.region), Buffer.from(text));
  }
}

function switchOf({ region, set, skipsForMs }: Flip, at: number): Switch {
  const marks = { region, by: 'ada', at };
  if (set === 'away' || set === 'back') return { ...marks, switch: 'shift', set };
  return set === 'auto'
    ? { ...marks, switch: 'storage', set }
    : { ...marks, switch: 'storage', set, until: at + skipsForMs };
}

/**
 * Gives the region that a click reaches: the wanted one, or the other one when a switch in force drains the wanted one.
 */
export function createRouter(world: SimulatedWorld): (wanted: RegionName) => RegionName {
  const { time, board, chance, recorder } = world;
  const sources = new Map(
    regionNames.map((drained) => {
      const asked = otherThan(drained);
      const environment = new SimulatedEnvironment({ time, board, chance, region: asked, functionName: 'track' });
      const bucket = (region: RegionName) => inProcessBucket(world.regions[region].bucket, region, environment);
      const copies = [bucket(asked), bucket(drained)] as const;
      const log = { info: () => {}, warn: () => {}, error: () => {} };
      const source = createSwitchSource({
        name: 'shift',
        region: drained,
        copies,
        clock: time,
        metrics: recorder,
        log,
      });
      return [drained, source] as const;
    }),
  );
  return (wanted) => {
    const source = sources.get(wanted);
    void source?.refresh();
    return isShiftedAway(source?.current()) ? otherThan(wanted) : wanted;
  };
}

function otherThan(region: RegionName): RegionName {
  return region === 'us-east-1' ? 'us-west-2' : 'us-east-1';
}
