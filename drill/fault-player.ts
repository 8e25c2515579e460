import type { Clock } from '../core/ports.ts';
import type { LocalCloud } from '../local/handle.ts';
import type { FaultWindow } from './fault-windows.ts';

export interface FaultListener {
  started(window: FaultWindow): void;
  /** While the fault is still in force: what is stranded now cannot be seen any more afterwards. */
  ending(window: FaultWindow): void;
  ended(window: FaultWindow): void;
}

/** Lets each fault begin and end in its time; resolves when the last one has ended. */
export async function playFaults(
  cloud: LocalCloud,
  windows: readonly FaultWindow[],
  clock: Clock,
  listener: FaultListener,
): Promise<void> {
  await Promise.all(windows.map((window) => playFault(cloud, window, clock, listener)));
}

/** The drill itself ends the fault, instead of telling the cloud for how long: then nothing changes behind its back. */
async function playFault(cloud: LocalCloud, window: FaultWindow, clock: Clock, listener: FaultListener): Promise<void> {
  const { atMs: _at, forMs: _for, ...fault } = window.fault;
  await clock.sleep(window.fromMs);
  const { id } = cloud.addFault(fault);
  listener.started(window);
  await clock.sleep(window.toMs - window.fromMs);
  listener.ending(window);
  cloud.removeFault(id);
  listener.ended(window);
}
