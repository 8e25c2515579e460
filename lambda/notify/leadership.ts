import { parseHourState } from '../../core/ledger/hour-state.ts';
import { hourStateKey } from '../../core/ledger/object-keys.ts';
import { recentHours } from '../../core/log/log-key.ts';
import {
  encodeHeartbeat,
  type Heartbeat,
  heartbeatKey,
  parseHeartbeat,
  patienceMs,
} from '../../core/postbacks/heartbeat.ts';
import type { NotifyRun } from './notify-run.ts';

/**
 * How long this region leaves a postback to the other one, in ms. The primary region writes its heartbeat into both
 * buckets, so the other region reads its own.
 */
export async function readPatience(run: NotifyRun): Promise<number> {
  const { isPrimary, regions } = run.ports;
  if (isPrimary) return 0;
  const heard = await run.find(heartbeatKey(regions.peer), parseHeartbeat);
  return patienceMs(isPrimary, heard?.value, run.nowMs());
}

/** `toldToMs`: what was in the outbox by then was tried. What is not folded yet is not in the outbox. */
export async function tellHeartbeat(
  run: NotifyRun,
  news: Pick<Heartbeat, 'toldToMs' | 'dueMinutes' | 'suspended'>,
): Promise<void> {
  const { home } = run.ports.regions;
  const toldToMs = Math.min(news.toldToMs, await foldedToMs(run));
  const heartbeat: Heartbeat = { ...news, region: home, atMs: Math.floor(run.nowMs()), toldToMs: Math.floor(toldToMs) };
  const form = { encode: encodeHeartbeat, parse: parseHeartbeat };
  const newer = (before: Heartbeat | undefined) => ((before?.atMs ?? 0) < heartbeat.atMs ? heartbeat : undefined);
  await run.update<Heartbeat>(heartbeatKey(home), form, newer);
  await run.updateAtPeer<Heartbeat>(heartbeatKey(home), form, newer);
}

/** Up to which moment home's fold has the log. */
async function foldedToMs(run: NotifyRun): Promise<number> {
  for (const hourMs of recentHours(run.nowMs(), 2)) {
    const state = await run.find(hourStateKey(hourMs), (bytes) => parseHourState(bytes));
    if (state !== undefined) return state.value.foldedToMs;
  }
  return 0;
}
