/**
 * Objects that a drill puts into the logs. `garbage`: an object in all logs that has a segment's key and is not a
 * segment. `rot`: one copy of the largest segment that all logs have becomes unreadable. `yesterday`: a good segment of
 * the day before in all logs, with sales that were reported again today. `forged`: a good segment in all logs, with a
 * decision and an adjustment that no operator has signed. `unsold`, `near-cap` and `at-cap`: a good segment in all logs,
 * with what the network should be told of (plant-business.ts).
 */
export const plantKinds = ['garbage', 'rot', 'yesterday', 'forged', 'unsold', 'near-cap', 'at-cap'] as const;
export type PlantKind = (typeof plantKinds)[number];

/** The key that forged events name. No operator has it. */
export const forgedOperator = 'f'.repeat(16);

export interface PlantedObject {
  readonly kind: PlantKind;
  readonly key: string;
  readonly regions: readonly string[];
  /** Events in the object, which no load sent; empty when it is not a segment. */
  readonly eventIds: readonly string[];
}

/** Whether the drill made the object of this key unreadable in this region. */
export function isSpoiled(plants: readonly PlantedObject[], region: string, key: string): boolean {
  return plants.some((one) => one.eventIds.length === 0 && one.key === key && one.regions.includes(region));
}
