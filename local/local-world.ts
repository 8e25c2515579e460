import { seededChance } from '../core/seeded-chance.ts';
import { fasterTime, type MachineTime, machineTime } from './clock.ts';
import { FaultBoard } from './fault/fault-board.ts';
import type { Chance, ModelTime } from './model/time.ts';

/** The objects that all parts of a local cloud share. */
export interface LocalWorld {
  readonly time: MachineTime;
  /** The clock of schedules and health checks. It runs at the cloud's speed. */
  readonly fastTime: ModelTime;
  /**
   * The clock of batch windows. It runs at a quarter of the speed. The load does not run faster at all, so a much
   * shorter window would make more and smaller segments than AWS makes of the same load. But probes come faster, and a
   * drill needs moments in which no queue holds one.
   */
  readonly windowTime: ModelTime;
  readonly chance: Chance;
  readonly faults: FaultBoard;
}

const windowsSlowerBy = 4;

/** Without a seed, random numbers differ at each start. */
export function createLocalWorld(speed: number, seed?: number): LocalWorld {
  const time = machineTime();
  const chance = seed === undefined ? Math.random : seededChance(seed);
  const windowTime = fasterTime(time, Math.max(1, speed / windowsSlowerBy));
  return { time, fastTime: fasterTime(time, speed), windowTime, chance, faults: new FaultBoard({ time, chance }) };
}
