import type { Deployment } from '../deployment.ts';
import type { Shell } from '../shell.ts';
import type { RegionExpectations } from './expectations.ts';
import type { Finding } from './finding.ts';

/** A region under examination. */
export interface Subject {
  readonly deployment: Deployment;
  readonly region: string;
  /** What its template says. */
  readonly expected: RegionExpectations;
  /** Load that one region alone must carry. */
  readonly clicksPerSecond: number;
  readonly shell: Shell;
}

/** Never throws: what it cannot look at is a finding. */
export type Check = (subject: Subject) => Promise<readonly Finding[]>;
