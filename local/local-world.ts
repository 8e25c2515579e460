import { seededChance } from '../core/seeded-chance.ts';
import { type AdvancingTime, advancingTime, fasterTime, machineTime } from './clock.ts';
import { FaultBoard } from './fault/fault-board.ts';
import { Internet } from './internet/internet.ts';
import type { Chance, ModelTime } from './model/time.ts';

/** The objects that all parts of a local cloud share. */
export interface LocalWorld {
  /** The clock of everything else, also of the functions. A drill can set it forward. */
  readonly time: AdvancingTime;
  /** The clock of schedules and health checks. It runs at the cloud's speed, and nobody sets it forward. */
  readonly fastTime: ModelTime;
  /**
   * The clock of batch windows. It runs at a quarter of the speed. The load does not run faster at all, so a much
   * shorter window would make more and smaller segments than AWS makes of the same load. But probes come faster, and a
   * drill needs moments in which no queue holds one.
   */
  readonly windowTime: ModelTime;
  readonly chance: Chance;
  readonly faults: FaultBoard;
  readonly internet: Internet;
}

const windowsSlowerBy = 4;

/** Without a seed, random numbers differ at each start. */
export function createLocalWorld(speed: number, seed?: number): LocalWorld {
  const machine = machineTime();
  const time = advancingTime(machine);
  const chance = seed === undefined ? Math.random : seededChance(seed);
  const windowTime = fasterTime(machine, Math.max(1, speed / windowsSlowerBy));
  const faults = new FaultBoard({ time, chance });
  return { time, fastTime: fasterTime(machine, speed), windowTime, chance, faults, internet: new Internet(faults) };
}
