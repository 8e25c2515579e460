import type { LoggedEvent } from '../../core/event/event.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import {
  isValidAt,
  type OperatorKey,
  type OperatorKeyFile,
  type OperatorKeys,
  parseOperatorKeyFile,
  signEvent,
} from '../../core/keys/operator-keys.ts';
import { utcText } from '../cli/format.ts';
import { refuse } from '../cli/refuse.ts';
import type { Shell } from '../cli/shell.ts';
import type { Deployment } from './deployment.ts';
import { type KeyList, publishedKeys, readKeyLists, tellUnread } from './operator-key-lists.ts';

/** Signs events with the operator's own key. */
export interface OperatorSigner {
  /** All published keys, with which the events of other operators are checked. */
  readonly keys: OperatorKeys;
  /** Throws when a region would not count the signed event. */
  sign(event: LoggedEvent): LoggedEvent;
}

export type KeyFile =
  | { readonly kind: 'key'; readonly key: OperatorKeyFile }
  | { readonly kind: 'none' }
  /** `problem` holds no part of a key. */
  | { readonly kind: 'wrong'; readonly problem: string };

export function readKeyFile(file: string, { privateFiles }: Pick<Shell, 'privateFiles'>): KeyFile {
  try {
    const text = privateFiles.read(file);
    if (text === undefined) return { kind: 'none' };
    const key = parseOperatorKeyFile(text);
    return key ? { kind: 'key', key } : { kind: 'wrong', problem: `${file}: is no key file of an operator` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { kind: 'wrong', problem: `${file}: cannot be read (${code ?? message})` };
  }
}

/**
 * Undefined when the operator cannot sign; prints why and sets the exit code. The key must be valid in every region that
 * answers, because the regions would otherwise count different money.
 */
export async function openSigner(
  deployment: Deployment,
  file: string,
  shell: Shell,
): Promise<OperatorSigner | undefined> {
  const held = readKeyFile(file, shell);
  if (held.kind === 'wrong') return refuse(shell, held.problem);
  if (held.kind === 'none') {
    return refuse(shell, `${file}: there is no key; make one with keeptrack operators add, or give --key-file`);
  }
  const lists = await readKeyLists(deployment);
  const known = lists.filter((list) => list.kind === 'known');
  if (known.length === 0) {
    tellUnread(lists, shell);
    shell.error('Nothing was sent.');
    shell.exitWith(1);
    return undefined;
  }
  const problems = known.flatMap((list) => problemIn(list, held.key, shell.clock.nowMs()) ?? []);
  if (problems.length > 0) return refuse(shell, ...problems);
  return { keys: publishedKeys(lists), sign: (event) => signed(event, held.key, known) };
}

type KnownList = Extract<KeyList, { kind: 'known' }>;

function problemIn({ region, keys }: KnownList, key: OperatorKeyFile, nowMs: number): string | undefined {
  const { id, name } = key;
  const published = publishedIn(keys, key);
  if (published === undefined) {
    return `${region}: key ${id} of ${name} is not published there; run keeptrack operators add "${name}" again`;
  }
  if (isValidAt(published, nowMs)) return undefined;
  const { fromMs, untilMs = fromMs } = published;
  return nowMs < fromMs
    ? `${region}: key ${id} is valid from ${utcText(fromMs)} on; is the clock of this machine right?`
    : `${region}: key ${id} was revoked at ${utcText(untilMs)}`;
}

function publishedIn({ keys }: OperatorKeys, { id, publicKey }: OperatorKeyFile): OperatorKey | undefined {
  return keys.find((key) => key.id === id && key.publicKey === publicKey);
}

/** An event can be later than now, and a key can end in between. */
function signed(event: LoggedEvent, key: OperatorKeyFile, lists: readonly KnownList[]): LoggedEvent {
  const timeMs = uuidTimeMs(event.id);
  for (const { region, keys } of lists) {
    const published = publishedIn(keys, key);
    if (published && isValidAt(published, timeMs)) continue;
    throw new Error(`key ${key.id} is not valid in ${region} at ${utcText(timeMs)}`);
  }
  return signEvent(event, key);
}
