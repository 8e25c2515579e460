import {
  encodeOperatorKeyFile,
  makeOperatorKey,
  type OperatorKey,
  type OperatorKeyFile,
} from '../../../core/keys/operator-keys.ts';
import { refuse } from '../../cli/refuse.ts';
import { publishedKeys, readKeyLists } from '../../clients/operator-key-lists.ts';
import { readKeyFile } from '../../clients/operator-signer.ts';
import type { OperatorsTask } from './operators-task.ts';
import { publishChange } from './publish-keys.ts';

const nameShape = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@'-]{0,63}$/u;

/** Makes a key, or publishes again the one that the file has. */
export async function addKey(name: string, task: OperatorsTask): Promise<void> {
  const { deployment, keyFile, json, shell } = task;
  if (!nameShape.test(name))
    return refuse(shell, 'a name has 1 to 64 letters, digits, blanks and . _ @ - and an apostrophe');
  const key = keyFor(name, task);
  if (key === undefined) return;
  const lists = await readKeyLists(deployment);
  const revoked = publishedKeys(lists).keys.find(({ id, untilMs }) => id === key.id && untilMs !== undefined);
  if (revoked) return refuse(shell, `${keyFile}: its key ${key.id} was revoked; move the file away, and add a new key`);
  const nowMs = shell.clock.nowMs();
  const published = entryOf(key, nowMs, shell.userName);
  const took = await publishChange(task, lists, (keys) =>
    keys.some(({ id }) => id === key.id) ? keys : [...keys, published],
  );
  if (json) return shell.out(JSON.stringify({ id: key.id, name, keyFile, writtenTo: took }));
  if (took.length === 0) return;
  shell.out(`key ${key.id} of ${name} is published in ${took.join(' and ')}`);
  shell.out(`Its private part is in ${keyFile}, which only you can read. Keep it to yourself, and have a copy.`);
}

/** The key is in its file before anybody can know its public part. So a command that breaks off loses no key. */
function keyFor(name: string, { keyFile, shell }: OperatorsTask): OperatorKeyFile | undefined {
  const held = readKeyFile(keyFile, shell);
  if (held.kind === 'wrong') return refuse(shell, held.problem);
  if (held.kind === 'key') {
    if (held.key.name === name) return held.key;
    return refuse(shell, `${keyFile}: has the key of ${held.key.name}; give --key-file for another key`);
  }
  const made = makeOperatorKey(name);
  shell.privateFiles.write(keyFile, encodeOperatorKeyFile(made));
  return made;
}

/** What is published of a key. `nowMs`: from when on it is valid. */
export function entryOf({ id, name, publicKey }: OperatorKeyFile, nowMs: number, changedBy: string): OperatorKey {
  return { id, name, publicKey, fromMs: nowMs, changedBy, changedAtMs: nowMs };
}
