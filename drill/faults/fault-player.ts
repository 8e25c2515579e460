import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import type { FaultWindow, PlayedFault } from './fault-windows.ts';

export interface FaultListener {
  started(window: FaultWindow): void;
  /** Called while the fault is still active: stranded events cannot be seen afterwards. */
  ending(window: FaultWindow): void;
  /** `strikes`: how many calls and other actions the fault struck. */
  ended(window: FaultWindow, strikes: number): void;
}

/** Begins and ends each fault at its time. Resolves when the last one has ended. */
export function playFaults(
  cloud: LocalCloud,
  windows: readonly FaultWindow[],
  clock: Clock,
  listener: FaultListener,
): Promise<readonly PlayedFault[]> {
  return Promise.all(windows.map((window) => playFault(cloud, window, clock, listener)));
}

/** The drill ends the fault itself and gives the cloud no duration, so that it knows exactly when the fault ended. */
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
