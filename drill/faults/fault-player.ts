import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import type { FaultWindow, PlayedFault } from './fault-windows.ts';

export interface FaultListener {
  started(window: FaultWindow): void;
  /** While the fault is still in force: what is stranded now cannot be seen any more afterwards. */
  ending(window: FaultWindow): void;
  /** `strikes`: how many calls and other happenings it struck. */
  ended(window: FaultWindow, strikes: number): void;
}

/** Lets each fault begin and end in its time; resolves when the last one has ended. */
export function playFaults(
  cloud: LocalCloud,
  windows: readonly FaultWindow[],
  clock: Clock,
  listener: FaultListener,
): Promise<readonly PlayedFault[]> {
  return Promise.all(windows.map((window) => playFault(cloud, window, clock, listener)));
}

/** The drill itself ends the fault, instead of telling the cloud for how long: then nothing changes behind its back. */
async function playFault(
  cloud: LocalCloud,
  window: FaultWindow,
  clock: Clock,
  listener: FaultListener,
): Promise<PlayedFault> {
  const { atMs: _at, forMs: _for, ...fault } = window.fault;
  await clock.sleep(window.fromMs);
  const { id } = cloud.addFault(fault);
  listener.started(window);
  await clock.sleep(window.toMs - window.fromMs);
  listener.ending(window);
  const strikes = cloud.state().faults.find((active) => active.id === id)?.strikes ?? 0;
  cloud.removeFault(id);
  listener.ended(window, strikes);
  return { ...window, strikes };
}
