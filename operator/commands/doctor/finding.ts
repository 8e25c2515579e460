/** One thing that is not as it should be, for a person to correct. */
export interface Finding {
  /** `both` when the finding is about a difference between the regions. */
  readonly region: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly todo: string;
}

export function findingLine({ region, what, expected, found, todo }: Finding): string {
  return `${region}: ${what}: expected ${expected}, found ${found}; ${todo}`;
}

/** One finding when the two texts differ, else none. */
export function mismatch(finding: Finding): readonly Finding[] {
  return finding.expected === finding.found ? [] : [finding];
}

/** A thing that could not be read is a finding too: nobody knows that it is well. */
export function unreadable(region: string, what: string, reason: string): Finding {
  return {
    region,
    what,
    expected: 'an answer',
    found: reason,
    todo: 'check that the region answers, and that you have the rights',
  };
}

export const deployAgain = 'deploy the region again, which restores it';
