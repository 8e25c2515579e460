import type { Clock } from '../../core/ports.ts';
import type { CloudState, LocalCloud } from '../../local/handle.ts';
import type { Send } from './sender.ts';

/** As many environments as the load keeps busy at once, with some to spare. */
const clients = 8;
const quickMs = 500;
const patienceMs = 60_000;

/**
 * Starts the first environments before the load does: many at once on a few cores are slow, and what that takes says
 * nothing about the fault that is drilled. Several clients ask for a page that is not there, which captures nothing, and
 * one after them asks `/health`, whose probe events set the other functions going; until all are answered quickly and
 * every function has run; and until the health checks have seen enough to call both regions well.
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
 * Every function ran, none of those that nobody waits for is still at it, and traffic could go to either region. The
 * ledger is not waited for: it runs every five minutes, and nothing that a drill measures hangs on how soon it starts.
 */
function isAwake({ regions }: CloudState): boolean {
  return regions.every(
    ({ functions, healthy }) =>
      healthy &&
      functions.every(({ name, invocations, busy }) => busy === 0 && (invocations > 0 || name.endsWith('-ledger'))),
  );
}
