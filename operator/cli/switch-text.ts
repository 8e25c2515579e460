import type { Switch } from '../../core/capture/switches.ts';
import type { Deployment } from '../clients/deployment.ts';
import type { WrittenCopies } from '../clients/switch-copies.ts';
import { utcText } from './format.ts';
import type { Shell } from './shell.ts';

/** `set by ada at 2026-11-23 05:10:00 UTC` */
export function whoAndWhen({ by, at }: Switch): string {
  return `set by ${by} at ${utcText(at)}`;
}

/** Whether at least one copy was written. Prints which copy was not; when both failed, sets exit code 1. */
export function tellWritten(
  { countingFailure, ownFailure }: WrittenCopies,
  { region }: Switch,
  { peerOf }: Deployment,
  shell: Shell,
): boolean {
  const peer = peerOf(region);
  if (countingFailure !== undefined && ownFailure !== undefined) {
    shell.error(`the switch was not written (log of ${peer}: ${countingFailure}; log of ${region}: ${ownFailure})`);
    shell.error('Nothing has changed. Run the same command again: setting it twice does no harm.');
    shell.exitWith(1);
    return false;
  }
  if (countingFailure !== undefined) {
    shell.error(`the copy that decides was not written (log of ${peer}: ${countingFailure}).`);
    shell.error(`The other copy is in the log of ${region}. Functions use it while they cannot read the first.`);
  }
  if (ownFailure !== undefined) {
    shell.error(`the log of ${region} did not take its copy (${ownFailure}); the copy in the log of ${peer} decides.`);
  }
  return true;
}
