import { changedKey } from '../../../core/keys/operator-keys.ts';
import { utcText } from '../../cli/format.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { type KeyList, publishedKeys, readKeyLists, tellUnread } from '../../clients/operator-key-lists.ts';
import type { OperatorsTask } from './operators-task.ts';
import { publishChange } from './publish-keys.ts';

/**
 * Ends a key at `atMs`, or now. For a stolen key, `atMs` can be in the past. What the key signed since then no longer
 * counts, once figures are made anew.
 */
export async function revokeKey(id: string, atMs: number | undefined, task: OperatorsTask): Promise<void> {
  const { deployment, json, shell } = task;
  const nowMs = shell.clock.nowMs();
  const untilMs = atMs ?? nowMs;
  const lists = await readKeyLists(deployment);
  const known = publishedKeys(lists).keys.find((key) => key.id === id);
  if (known === undefined) return tellUnknown(id, lists, shell);
  if (known.untilMs !== undefined && known.untilMs <= untilMs) {
    return refuse(shell, `${id}: ends at ${utcText(known.untilMs)} already`);
  }
  const took = await publishChange(task, lists, (keys) =>
    keys.map((key) => (key.id === id ? changedKey(key, { untilMs, changedBy: shell.userName }, nowMs) : key)),
  );
  if (json) return shell.out(JSON.stringify({ id, untilMs, writtenTo: took }));
  if (took.length === 0) return;
  shell.out(`key ${id} of ${known.name} ends at ${utcText(untilMs)}`);
  if (untilMs >= nowMs) return;
  shell.out('Figures still have what it signed since then. Run keeptrack rebuild for the hours of these conversions');
  shell.out('and for the days of these adjustments, in both regions.');
}

/** A list that cannot be read may have the key. */
function tellUnknown(id: string, lists: readonly KeyList[], shell: Shell): void {
  if (lists.every(({ kind }) => kind === 'known')) {
    refuse(shell, `${id}: no such key is published; see keeptrack operators list`);
    return;
  }
  tellUnread(lists, shell);
  shell.error(`${id}: was not revoked. Run the same command again, until a region answers that has the key.`);
  shell.exitWith(1);
}
