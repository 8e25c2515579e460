import type { Clock } from '../core/ports.ts';
import type { CloudState, LocalCloud } from '../local/handle.ts';
import type { Send } from './sender.ts';

/** As many environments as the load keeps busy at once, with some to spare. */
const clients = 6;
const quickMs = 500;
const patienceMs = 60_000;

/**
 * Asks `/health` by several clients at once until all are answered quickly and every function has run: a fresh cloud
 * starts its first environments while it is asked, all at once on a few cores, and what that takes says nothing about the
 * fault that is drilled.
 */
export async function warmUp(cloud: LocalCloud, send: Send, clock: Clock): Promise<void> {
  const startMs = clock.nowMs();
  for (;;) {
    const roundMs = clock.nowMs();
    const responses = await Promise.all(Array.from({ length: clients }, () => send('/health')));
    const nowMs = clock.nowMs();
    const isQuick = responses.every(({ status }) => status === 200) && nowMs - roundMs < quickMs;
    if ((isQuick && isAwake(cloud.state())) || nowMs - startMs > patienceMs) return;
    await clock.sleep(quickMs);
  }
}

/** Every function ran, and none of those that nobody waits for is still at it. */
function isAwake({ regions }: CloudState): boolean {
  return regions.every(({ functions }) => functions.every(({ invocations, busy }) => invocations > 0 && busy === 0));
}
