import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { RegionExpectations } from './expectations.ts';
import type { Finding } from './finding.ts';

/** A region under examination, with or without a deployment. */
export interface AccountSubject {
  readonly deployment: Deployment;
  readonly region: string;
  /** The peak load, which one region alone must carry. */
  readonly clicksPerSecond: number;
  readonly shell: Shell;
}

/** A region with a deployment, under examination. */
interface Subject extends AccountSubject {
  /** The settings in its template. */
  readonly expected: RegionExpectations;
}

/** Never throws: a failed call is a finding. */
export type RegionCheck = (subject: Subject) => Promise<readonly Finding[]>;
export type AccountCheck = (subject: AccountSubject) => Promise<readonly Finding[]>;
