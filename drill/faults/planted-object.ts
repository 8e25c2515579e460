/**
 * What can lie in a log through no fault of ours: `garbage` is an object under a segment's key that is no segment, in
 * all logs; `rot` spoils the one copy of the largest segment that both logs have. `yesterday` is a good segment of the
 * day before, in all logs: sales of today that had been reported then already.
 */
export const plantKinds = ['garbage', 'rot', 'yesterday'] as const;
export type PlantKind = (typeof plantKinds)[number];

export interface PlantedObject {
  readonly kind: PlantKind;
  readonly key: string;
  /** Where it lies. */
  readonly regions: readonly string[];
  /** Events in it that nobody sent; none where it is no segment. */
  readonly eventIds: readonly string[];
}

/** Whether what lies there is spoiled. */
export function isSpoiled(plants: readonly PlantedObject[], region: string, key: string): boolean {
  return plants.some((one) => one.eventIds.length === 0 && one.key === key && one.regions.includes(region));
}
