import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { RegionExpectations } from './expectations.ts';
import type { Finding } from './finding.ts';

/** A region of an account under examination, whether or not anything is deployed there. */
export interface AccountSubject {
  readonly deployment: Deployment;
  readonly region: string;
  /** Load that one region alone must carry. */
  readonly clicksPerSecond: number;
  readonly shell: Shell;
}

/** A region with a deployment. */
interface Subject extends AccountSubject {
  /** What its template says. */
  readonly expected: RegionExpectations;
}

/** Never throws: what it cannot look at is a finding. */
export type RegionCheck = (subject: Subject) => Promise<readonly Finding[]>;
export type AccountCheck = (subject: AccountSubject) => Promise<readonly Finding[]>;
