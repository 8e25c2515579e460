import { answerText, isStored } from '../../core/call-outcome.ts';
import {
  encodeSwitch,
  readSwitchCopy,
  type Switch,
  type SwitchCopy,
  type Switches,
  type SwitchName,
  switchKey,
} from '../../core/capture/switches.ts';
import type { Deployment } from './deployment.ts';
import { type LogClient, openLogClient } from './log-client.ts';

/** Both copies of one switch, and the value that a new environment takes from them (docs/decisions/0006). */
export interface SwitchCopies<Value extends Switch> {
  /** The copy in the peer's log. It decides when it can be read. */
  readonly counting: SwitchCopy<Value>;
  /** The copy in the region's own log. */
  readonly own: SwitchCopy<Value>;
  /** Undefined when the switch is not set, or when neither copy can be read. */
  readonly holds: Value | undefined;
}

export async function readSwitch<Name extends SwitchName>(
  deployment: Deployment,
  name: Name,
  region: string,
): Promise<SwitchCopies<Switches[Name]>> {
  const read = (from: string) =>
    withLog(deployment, from, async (log) => readSwitchCopy(name, region, await log.get(switchKey(name, region))));
  const [counting, own] = await Promise.all([read(deployment.peerOf(region)), read(region)]);
  const deciding = counting.kind === 'unreadable' ? own : counting;
  return { counting, own, holds: deciding.kind === 'switch' ? deciding.value : undefined };
}

export interface WrittenCopies {
  /** Why the peer's log did not take its copy; absent when it did. */
  readonly countingFailure?: string;
  /** Why the region's own log did not take its copy; absent when it did. */
  readonly ownFailure?: string;
}

/** Writes the peer's copy first, because it decides. A command that breaks off then leaves out the spare copy only. */
export async function writeSwitch(deployment: Deployment, value: Switch): Promise<WrittenCopies> {
  const put = (region: string) =>
    withLog(deployment, region, (log) => log.put(switchKey(value.switch, value.region), encodeSwitch(value)));
  const counting = await put(deployment.peerOf(value.region));
  const own = await put(value.region);
  return {
    ...(!isStored(counting) && { countingFailure: answerText(counting) }),
    ...(!isStored(own) && { ownFailure: answerText(own) }),
  };
}

async function withLog<T>(deployment: Deployment, region: string, use: (log: LogClient) => Promise<T>): Promise<T> {
  const log = openLogClient(deployment, region);
  try {
    return await use(log);
  } finally {
    log.close();
  }
}
