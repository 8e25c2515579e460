import { seededChance } from '../core/seeded-chance.ts';
import { fasterTime, type MachineTime, machineTime } from './clock.ts';
import { FaultBoard } from './fault/fault-board.ts';
import type { Chance, ModelTime } from './model/time.ts';

/** The objects that all parts of a local cloud share. */
export interface LocalWorld {
  readonly time: MachineTime;
  /** The clock of schedules, batch windows and health checks. It runs at the cloud's speed. */
  readonly fastTime: ModelTime;
  readonly chance: Chance;
  readonly faults: FaultBoard;
}

/** Without a seed, random numbers differ at each start. */
export function createLocalWorld(speed: number, seed?: number): LocalWorld {
  const time = machineTime();
  const chance = seed === undefined ? Math.random : seededChance(seed);
  return { time, fastTime: fasterTime(time, speed), chance, faults: new FaultBoard({ time, chance }) };
}
