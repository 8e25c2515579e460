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

/** Both copies of one switch (docs/decisions/0006). */
export interface SwitchCopies<Value extends Switch> {
  /** The copy in the log of the region's peer. This copy decides. */
  readonly counting: SwitchCopy<Value>;
  /** The copy in the region's own log. */
  readonly own: SwitchCopy<Value>;
  /** The switch that a newly started environment follows. Undefined = not set, or neither copy can be read. */
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
  /** Why the peer's log did not take the copy that decides; absent when it did. */
  readonly countingFailure?: string;
  /** The same for the region's own log. */
  readonly ownFailure?: string;
}

/** Writes the copy that decides first: when the command is interrupted, only the other copy is missing. */
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
