import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';

/** What each of the commands `operators …` works with. */
export interface OperatorsTask {
  readonly deployment: Deployment;
  /** Path of the operator's private key. */
  readonly keyFile: string;
  readonly json: boolean;
  readonly shell: Shell;
}
