import {
  changedKey,
  encodeOperatorKeyFile,
  makeOperatorKey,
  type OperatorKeyFile,
} from '../../../core/keys/operator-keys.ts';
import { utcText } from '../../cli/format.ts';
import { refuse } from '../../cli/refuse.ts';
import { readKeyLists } from '../../clients/operator-key-lists.ts';
import { readKeyFile } from '../../clients/operator-signer.ts';
import { entryOf } from './add-key.ts';
import type { OperatorsTask } from './operators-task.ts';
import { publishChange } from './publish-keys.ts';

/**
 * The new key is valid from now on. The old one ends after `overlapMs`; until then both are valid. The new key waits in
 * a file beside the old one until a region has published it. A run that broke off goes on with that key.
 */
export async function rotateKey(overlapMs: number, task: OperatorsTask): Promise<void> {
  const { keyFile, json, shell } = task;
  const held = readKeyFile(keyFile, shell);
  if (held.kind === 'wrong') return refuse(shell, held.problem);
  if (held.kind === 'none') return refuse(shell, `${keyFile}: there is no key; make one with keeptrack operators add`);
  const old = held.key;
  const next = nextKey(old, task);
  if (next === undefined) return;
  const nowMs = shell.clock.nowMs();
  const endsAtMs = nowMs + overlapMs;
  const took = await publishChange(task, await readKeyLists(task.deployment), (keys) => [
    ...keys.map((key) =>
      key.id === old.id && (key.untilMs ?? Number.POSITIVE_INFINITY) > endsAtMs
        ? changedKey(key, { untilMs: endsAtMs, changedBy: shell.userName }, nowMs)
        : key,
    ),
    ...(keys.some(({ id }) => id === next.id) ? [] : [entryOf(next, nowMs, shell.userName)]),
  ]);
  if (took.length > 0) shell.privateFiles.rename(`${keyFile}.next`, keyFile);
  const result = { id: next.id, name: next.name, replaces: old.id, replacedUntilMs: endsAtMs, keyFile };
  if (json) return shell.out(JSON.stringify({ ...result, writtenTo: took }));
  if (took.length === 0) return;
  shell.out(`key ${next.id} of ${next.name} is valid from now on, published in ${took.join(' and ')}`);
  shell.out(`key ${old.id} ends at ${utcText(endsAtMs)}; ${keyFile} has the new key`);
}

function nextKey(old: OperatorKeyFile, { keyFile, shell }: OperatorsTask): OperatorKeyFile | undefined {
  const waiting = readKeyFile(`${keyFile}.next`, shell);
  if (waiting.kind === 'wrong') return refuse(shell, waiting.problem);
  if (waiting.kind === 'key') return waiting.key;
  const made = makeOperatorKey(old.name);
  shell.privateFiles.write(`${keyFile}.next`, encodeOperatorKeyFile(made));
  return made;
}
