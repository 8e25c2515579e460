import { utcText } from '../../cli/format.ts';
import { tableLines } from '../../cli/text-table.ts';
import { type KeyList, publishedKeys, readKeyLists, tellUnread } from '../../clients/operator-key-lists.ts';
import type { OperatorsTask } from './operators-task.ts';

/** Prints every key that a region has. Exit code 1 when a region does not answer or lacks a change. */
export async function listKeys({ deployment, json, shell }: OperatorsTask): Promise<void> {
  const lists = await readKeyLists(deployment);
  const keys = publishedKeys(lists).keys.map((key) => ({
    ...key,
    lackedBy: lackingRegions(lists, JSON.stringify(key)),
  }));
  const unknown = lists.filter((list) => list.kind === 'unknown');
  if (json) {
    const failures = unknown.map(({ region, reason }) => ({ region, reason }));
    shell.out(JSON.stringify({ keys, failures }, null, 2));
  } else if (keys.length > 0) {
    const header = ['key', 'operator', 'valid from', 'until', 'last changed by', 'not yet in'];
    const rows = keys.map(({ id, name, fromMs, untilMs, changedBy, lackedBy }) => [
      ...[id, name, utcText(fromMs), untilMs === undefined ? '' : utcText(untilMs), changedBy],
      lackedBy.join(', '),
    ]);
    for (const line of tableLines([header, ...rows])) shell.out(line);
  } else if (unknown.length === 0) {
    shell.out('no keys are published');
  }
  tellUnread(lists, shell);
  if (keys.some(({ lackedBy }) => lackedBy.length > 0)) {
    shell.error('The lists differ. Run keeptrack operators publish: it brings the same keys to both regions.');
  }
  if (unknown.length > 0 || keys.some(({ lackedBy }) => lackedBy.length > 0)) shell.exitWith(1);
}

/** Regions whose list has not this very state of the key. */
function lackingRegions(lists: readonly KeyList[], wanted: string): readonly string[] {
  return lists.flatMap((list) =>
    list.kind === 'known' && !list.keys.keys.some((key) => JSON.stringify(key) === wanted) ? [list.region] : [],
  );
}
