import { seededChance } from '../core/seeded-chance.ts';
import { fasterTime, type MachineTime, machineTime } from './clock.ts';
import { FaultBoard } from './fault/fault-board.ts';
import type { Chance, ModelTime } from './model/time.ts';

/** What every part of a local cloud shares. */
export interface LocalWorld {
  readonly time: MachineTime;
  /** Of schedules, batch windows and health checks: faster by the cloud's speed. */
  readonly fastTime: ModelTime;
  readonly chance: Chance;
  readonly faults: FaultBoard;
}

/** Without a seed chance is another one each time. */
export function createLocalWorld(speed: number, seed?: number): LocalWorld {
  const time = machineTime();
  const chance = seed === undefined ? Math.random : seededChance(seed);
  return { time, fastTime: fasterTime(time, speed), chance, faults: new FaultBoard({ time, chance }) };
}
