import { deployedDifferences } from './deployed.ts';
import { deployDoor } from './deployment.ts';
import { doors } from './doors.ts';
import type { Outcome } from './outcome.ts';
import type { Workplace } from './workplace.ts';

/** Deploys both regions' stacks with each door, and compares what moto then has with what we read from the templates. */
export async function deploy(workplace: Workplace): Promise<Outcome> {
  const differences: string[] = [];
  let compared = 0;
  for (const door of doors) {
    const deployment = await deployDoor(door, workplace);
    workplace.progress(`${door}: comparing what is deployed with the templates`);
    const result = await deployedDifferences(deployment);
    compared += result.compared;
    differences.push(...result.differences, ...deployment.moto.complaints());
    deployment.moto.stop();
  }
  return {
    compared: `${compared} resources and settings of ${doors.length * 2} stacks (${doors.join(', ')})`,
    differences,
  };
}
