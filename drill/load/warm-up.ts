import type { Clock } from '../../core/ports.ts';
import type { CloudState, LocalCloud } from '../../local/handle.ts';
import type { Send } from './sender.ts';

/** More than the environments that the load keeps busy at once. */
const clients = 8;
const quickMs = 500;
const patienceMs = 60_000;

/**
 * Starts the first environments before the load begins. Many cold starts at once are slow on a few cores, and would
 * distort the drill. Several clients ask for a page that does not exist, which captures nothing. Then one client asks
 * `/health`, whose probe events start the other functions. The warm-up ends when answers are quick, every function has
 * run and the health checks call both regions healthy; or after a minute.
 */
export async function warmUp(cloud: LocalCloud, send: Send, clock: Clock): Promise<void> {
  const startMs = clock.nowMs();
  for (;;) {
    const roundMs = clock.nowMs();
    await Promise.all(Array.from({ length: clients }, () => send('/')));
    const { status } = await send('/health');
    const nowMs = clock.nowMs();
    const isQuick = status === 200 && nowMs - roundMs < quickMs;
    if ((isQuick && isAwake(cloud.state())) || nowMs - startMs > patienceMs) return;
    await clock.sleep(quickMs);
  }
}

/**
 * Every function has run, none is running, and both regions are healthy. The ledger may not have run: it runs only
 * every five minutes, and no measurement depends on its start.
 */
function isAwake({ regions }: CloudState): boolean {
  return regions.every(
    ({ functions, healthy }) =>
      healthy &&
      functions.every(({ name, invocations, busy }) => busy === 0 && (invocations > 0 || name.endsWith('-ledger'))),
  );
}
