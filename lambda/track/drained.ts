import { isShiftedAway, type ShiftSwitch } from '../../core/capture/switches.ts';
import { healthWords } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Clock } from '../../core/ports.ts';
import type { Reply } from '../../core/tracking/decision.ts';
import { jsonReply } from '../../core/tracking/replies.ts';
import type { SwitchSource } from '../shared/switch-source.ts';

export interface DrainedParts {
  readonly clock: Clock;
  readonly peerRegion: string;
  /** The peer's switch. No region is asked about itself, because it may be dead. */
  readonly peerShift: SwitchSource<ShiftSwitch>;
}

/** Undefined for every region but the peer. */
export type Drained = (region: string) => Promise<Reply | undefined>;

/**
 * Tells the health check of the peer's record whether an operator has drained the peer. The answer is always 200, and
 * the check looks for the text. Silence thus means "not drained".
 */
export function createDrained({ clock, peerRegion, peerShift }: DrainedParts): Drained {
  return async (region) => {
    if (region !== peerRegion) return undefined;
    // Without traffic nobody else ends the refresh.
    await Promise.race([peerShift.refresh(), clock.sleep(limits.health.switchWaitMs)]);
    return jsonReply(200, { drained: isShiftedAway(peerShift.current()) ? healthWords.drained : 'no', region });
  };
}
