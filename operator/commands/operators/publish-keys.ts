import type { OperatorKey } from '../../../core/keys/operator-keys.ts';
import { type ChangedKeyList, changeKeyLists, type KeyList, readKeyLists } from '../../clients/operator-key-lists.ts';
import type { OperatorsTask } from './operators-task.ts';

/**
 * Changes the lists of both regions. Prints which one did not take the change, and then sets exit code 1. Gives the
 * regions that took it. `lists`: as they were read last.
 */
export async function publishChange(
  { deployment, shell }: OperatorsTask,
  lists: readonly KeyList[],
  change: (keys: readonly OperatorKey[]) => readonly OperatorKey[],
): Promise<readonly string[]> {
  const changed = await changeKeyLists(deployment, lists, change);
  const took = changed.filter(({ failure }) => failure === undefined).map(({ region }) => region);
  for (const { region, failure } of changed) {
    if (failure !== undefined) shell.error(`${region}: its list of keys was not written (${failure})`);
  }
  if (took.length < changed.length) {
    shell.error(advice(changed, took));
    shell.exitWith(1);
  }
  return took;
}

function advice(changed: readonly ChangedKeyList[], took: readonly string[]): string {
  if (took.length === 0) return 'Nothing was published. Run the same command again: it does no harm.';
  const missed = changed.filter(({ failure }) => failure !== undefined).map(({ region }) => region);
  return `Run keeptrack operators publish when ${missed.join(' and ')} answers. Running it again does no harm. Until then that region may count other decisions than ${took.join(' and ')}.`;
}

/** Completes the list of a region that missed a change. */
export async function publishKeys(task: OperatorsTask): Promise<void> {
  const took = await publishChange(task, await readKeyLists(task.deployment), (keys) => keys);
  if (task.json) task.shell.out(JSON.stringify({ writtenTo: took }));
  else if (took.length > 0) task.shell.out(`the same keys are published in ${took.join(' and ')}`);
}
