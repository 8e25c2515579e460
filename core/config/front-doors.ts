import { z } from 'zod';
import { limits } from '../limits/limits.ts';

/**
 * What stands in front of `track`: the HTTP API of API Gateway, or an Application Load Balancer. docs/deploy.md, "Front
 * doors", says which one to take. docs/decisions/0019 says why there are two.
 */

export const frontDoors = ['http-api', 'alb'] as const;
export type FrontDoorKind = (typeof frontDoors)[number];

const frontDoor = z.enum(frontDoors);

const { reservedCapacityUnitsMin: unitsMin, reservedCapacityUnitsMax: unitsMax } = limits.loadBalancer;
const unitsRange = `must be ${unitsMin} to ${unitsMax}, the capacity units that AWS reserves for one load balancer`;

export const frontDoorFields = {
  /** The door to which the records of all tracking names lead. */
  frontDoor: frontDoor.default('http-api'),
  /** The other door, while a deployment changes from one to the other. Both doors serve all names meanwhile. */
  secondFrontDoor: frontDoor.optional(),
  /** Only with `alb`. */
  loadBalancer: z
    .strictObject({
      /** A web ACL that refuses an address which asks far too often. */
      waf: z.boolean().default(false),
      /** Capacity that AWS keeps ready, in LCUs. Left out, the load balancer grows as load comes. */
      reservedCapacityUnits: z.number().int().min(unitsMin, unitsRange).max(unitsMax, unitsRange).optional(),
    })
    .optional(),
};

interface Doors {
  readonly frontDoor: FrontDoorKind;
  readonly secondFrontDoor?: FrontDoorKind | undefined;
}

/** The doors that stand, the one with the records first. */
export function liveDoors({ frontDoor, secondFrontDoor }: Doors): readonly FrontDoorKind[] {
  return secondFrontDoor === undefined ? [frontDoor] : [frontDoor, secondFrontDoor];
}

interface Raw {
  readonly frontDoor?: unknown;
  readonly secondFrontDoor?: unknown;
  readonly loadBalancer?: unknown;
}

/** `value`: the whole config, unchecked. */
export function frontDoorProblems(value: unknown): string[] {
  const { frontDoor = 'http-api', secondFrontDoor, loadBalancer } = (value ?? {}) as Raw;
  return [
    ...(frontDoor === secondFrontDoor ? ['secondFrontDoor: must be another door than frontDoor'] : []),
    ...(loadBalancer !== undefined && frontDoor !== 'alb' && secondFrontDoor !== 'alb'
      ? ['loadBalancer: needs frontDoor "alb" or secondFrontDoor "alb"']
      : []),
  ];
}
