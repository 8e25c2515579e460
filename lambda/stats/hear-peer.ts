import type { CapCounts } from '../../core/caps/cap-counts.ts';
import { type Drained, isPartitioned } from '../../core/caps/shares.ts';
import { isShiftedAway } from '../../core/capture/switches.ts';
import { readClicks } from '../../core/figures/clicks-object.ts';
import type { HourState } from '../../core/ledger/hour-state.ts';
import { foldKey } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourStart, minuteMs, minuteStart } from '../../core/log/log-key.ts';
import type { FoldRun } from '../fold/run.ts';
import { createSwitchSource } from '../shared/switch-source.ts';
import type { HeldObject } from './held-object.ts';
import type { StatsPorts } from './ports.ts';

const { peerHeardMs, peerSilentMs } = limits.caps;

/** What a region knows of its peer at a moment. */
interface PeerNews {
  readonly heardPeerMs: number | undefined;
  readonly isPartitioned: boolean;
  /** The peer's counts. Undefined when the region's own figures know as much of the peer. */
  readonly counts: CapCounts | undefined;
}

export interface PeerListener {
  /** `before`: when the peer was heard of by the last run that said so. */
  listen(run: FoldRun, stateOf: StateOf, before?: number): Promise<PeerNews>;
}

/** The state of an hour as it was last read. */
type StateOf = (hourStartMs: number) => HourState | undefined;

/**
 * Finds out until when a region knows what its peer did: from the peer's counts in either bucket, or from what the peer
 * captured and the region has folded. The peer captures a probe every minute, so it is never silent while it works.
 */
export function createPeerListener(
  ports: StatsPorts,
  copies: Readonly<Record<'home' | 'peer', HeldObject<CapCounts>>>,
): PeerListener {
  return {
    listen: async (run, stateOf, before) => {
      const counts = await newestCounts(copies, run.nowMs());
      const nowMs = run.nowMs();
      const heardMs = newest([before, counts?.asOfMs]);
      const isSilent = heardMs === undefined || nowMs - heardMs > peerHeardMs;
      const heardPeerMs = isSilent ? newest([heardMs, await newestFolded(run, ports.regions.peer, stateOf)]) : heardMs;
      const partitioned = isPartitioned(
        { nowMs, heardPeerMs, peerSaysPartitioned: counts !== undefined && isDeaf(counts, nowMs) },
        peerSilentMs,
      );
      return {
        heardPeerMs,
        isPartitioned: partitioned,
        // Old counts of a region whose events do arrive would hold room that was given back long ago.
        counts: counts && (partitioned || nowMs - counts.asOfMs <= peerSilentMs) ? counts : undefined,
      };
    },
  };
}

/** Asks the peer's bucket only when home has no fresh copy. */
async function newestCounts(
  { home, peer }: Readonly<Record<'home' | 'peer', HeldObject<CapCounts>>>,
  nowMs: number,
): Promise<CapCounts | undefined> {
  await home.read();
  if (home.value !== undefined && nowMs - home.value.asOfMs <= peerHeardMs) return home.value;
  await peer.read();
  const [first, second] = [home.value, peer.value];
  return first === undefined || (second !== undefined && second.asOfMs > first.asOfMs) ? second : first;
}

/** Whether the peer wrote lately that it hears nothing of this region. */
function isDeaf({ madeAtMs, heardPeerMs }: CapCounts, nowMs: number): boolean {
  return nowMs - madeAtMs <= peerSilentMs && heardPeerMs !== undefined && madeAtMs - heardPeerMs > peerSilentMs;
}

/** The end of the newest minute of which the region has folded something that the peer captured. */
async function newestFolded(run: FoldRun, peer: string, stateOf: StateOf): Promise<number | undefined> {
  const nowMs = run.nowMs();

  for (let startMs = minuteStart(nowMs); nowMs - startMs <= peerSilentMs; startMs -= minuteMs) {
    const hourStartMs = hourStart(startMs);
    const state = stateOf(hourStartMs);
    const minute = (startMs - hourStartMs) / minuteMs;
    const name = state?.minutes[minute];
    if (state === undefined || name === undefined || name === '') continue;
    const key = foldKey(hourStartMs, { kind: 'clicks', generation: state.generation, minute, name });
    const { environments } = await run.read(key, readClicks);
    if (environments.some(({ region, count }) => region === peer && count > 0)) {
      return Math.min(startMs + minuteMs, nowMs);
    }
  }
  return undefined;
}

function newest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Which region an operator has shifted away. The copy in the bucket of the region's peer decides (docs/decisions/0006). */
export function createDrainedReader(ports: StatsPorts): () => Promise<Drained | undefined> {
  const { regions, buckets } = ports;
  const [home, peer] = [buckets.home.bucket, buckets.peer.bucket];
  const ofPeer = createSwitchSource({ ...ports, name: 'shift', region: regions.peer, copies: [home, peer] });
  const ofHome = createSwitchSource({ ...ports, name: 'shift', region: regions.home, copies: [peer, home] });
  return async () => {
    await Promise.all([ofPeer.refresh(), ofHome.refresh()]);
    const away = { peer: isShiftedAway(ofPeer.current()), home: isShiftedAway(ofHome.current()) };
    if (away.peer === away.home) return undefined;
    return away.peer ? 'peer' : 'home';
  };
}
