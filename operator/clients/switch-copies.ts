import { answerText, isStored } from '../../core/call-outcome.ts';
import {
  readSwitchCopy,
  type Switch,
  type SwitchCopy,
  type Switches,
  type SwitchName,
  switchKey,
  switchText,
} from '../../core/capture/switches.ts';
import type { Deployment } from './deployment.ts';
import { type LogBucket, openLogBucket } from './log-bucket.ts';

/** Both copies of one switch, and what an environment that has just started makes of them (docs/decisions/0006). */
export interface SwitchCopies<Value extends Switch> {
  /** In the log of the region's peer. */
  readonly counting: SwitchCopy<Value>;
  /** In the region's own log. */
  readonly own: SwitchCopy<Value>;
  /** Undefined = not set, or neither can be read. */
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

export interface SwitchWritten {
  /** Why the peer's log, whose copy counts, did not take it; absent when it did. */
  readonly countingFailure?: string;
  /** The same of the region's own log. */
  readonly ownFailure?: string;
}

/** The copy that counts first: if the command is broken off, nothing but the spare one is missing. */
export async function writeSwitch(deployment: Deployment, value: Switch): Promise<SwitchWritten> {
  const put = (region: string) =>
    withLog(deployment, region, (log) => log.put(switchKey(value.switch, value.region), switchText(value)));
  const counting = await put(deployment.peerOf(value.region));
  const own = await put(value.region);
  return {
    ...(!isStored(counting) && { countingFailure: answerText(counting) }),
    ...(!isStored(own) && { ownFailure: answerText(own) }),
  };
}

async function withLog<T>(deployment: Deployment, region: string, use: (log: LogBucket) => Promise<T>): Promise<T> {
  const log = openLogBucket(deployment, region);
  try {
    return await use(log);
  } finally {
    log.close();
  }
}
