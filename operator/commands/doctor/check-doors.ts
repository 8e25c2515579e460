import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { type FrontDoorKind, liveDoors } from '../../../core/config/front-doors.ts';
import { stackName } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import { readStack, readStackDoors } from '../../clients/deployed-stack.ts';
import { doorOfRecord } from './check-records.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck } from './region-check.ts';

type Doors = Pick<DeployConfig, 'frontDoor' | 'secondFrontDoor'>;

/** Whether a deploy would take away the door that answers now, or lead records to a door that is not there yet. */
export const checkDoors: AccountCheck = async ({ deployment, region }) => {
  const { config } = deployment;
  const stack = stackName(config, region);
  const deployed = await readStack(deployment, region, stack);
  // `checkStacks` reports a stack that cannot be read.
  if (deployed.kind === 'failed' || deployed.value === undefined) return [];
  const [live, leads] = await Promise.all([
    readStackDoors(deployment, region, stack),
    doorOfRecord(deployment, region),
  ]);
  if (live.kind === 'failed') return [unreadable(region, 'front door', live.reason)];
  // `checkRecords` reports records that cannot be read.
  return judgeDoors(region, config, live.value, leads.kind === 'ok' ? leads.value : undefined);
};

/** `leads`: the door to which records lead. Undefined without a domain: then each door's own name is in links. */
export function judgeDoors(
  region: string,
  config: Doors,
  live: readonly FrontDoorKind[],
  leads: FrontDoorKind | undefined,
): readonly Finding[] {
  const { frontDoor } = config;
  const [first] = live;
  if (first === undefined) return [];
  const left = live.find((door) => !liveDoors(config).includes(door) && door === (leads ?? door));
  const isNew = !live.includes(frontDoor);
  if (left === undefined && !isNew) return [];
  const expected = inConfig(isNew ? [leads ?? first, frontDoor] : [frontDoor, left ?? first]);
  const todo = 'change the door in three deploys (docs/deploy.md, "Front doors")';
  return [{ region, what: 'front door', expected, found: inConfig(liveDoors(config)), todo }];
}

function inConfig([front, second]: readonly FrontDoorKind[]): string {
  return second === undefined ? `frontDoor ${front} alone` : `frontDoor ${front} with secondFrontDoor ${second}`;
}

/** Two doors are for the days of a change. The local cloud has no stacks. */
export const checkSecondDoor: AccountCheck = async ({ deployment, region, shell }) => {
  const { config, isLocal } = deployment;
  if (isLocal || config.secondFrontDoor === undefined) return [];
  const stack = await readStack(deployment, region, stackName(config, region));
  if (stack.kind === 'failed') return [unreadable(region, 'second front door', stack.reason)];
  return stack.value ? judgeSecondDoor(region, config, stack.value.updatedAtMs, shell.clock.nowMs()) : [];
};

export function judgeSecondDoor(
  region: string,
  { secondFrontDoor }: Doors,
  updatedAtMs: number,
  nowMs: number,
): readonly Finding[] {
  const days = Math.floor((nowMs - updatedAtMs) / 86_400_000);
  const { secondDoorDaysMax } = limits.doctor;
  if (secondFrontDoor === undefined || days <= secondDoorDaysMax) return [];
  const expected = `at most ${secondDoorDaysMax} days`;
  const todo = 'remove secondFrontDoor from the config and deploy, or go back (docs/deploy.md, "Front doors")';
  return [{ region, what: 'second front door', expected, found: `${secondFrontDoor} for ${days} days at least`, todo }];
}
