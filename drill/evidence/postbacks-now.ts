import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { missingPostbacks } from '../checks/postbacks.ts';
import { someOf } from '../checks/problem-text.ts';
import type { SentRecord } from '../load/sent-record.ts';
import { expectedEvents } from '../oracle/expected-event.ts';
import { expectedPostbacks, type PostbackFrame } from '../oracle/expected-postbacks.ts';
import { readLog } from './log-view.ts';
import { readReceived } from './received.ts';

const lookIntervalMs = 500;
const patienceMs = 30_000;

/**
 * Waits until partners have got what the region's log calls for, although the other region may never come back. Returns
 * the problems that are left.
 */
export async function postbackProblems(
  cloud: LocalCloud,
  clock: Clock,
  region: string,
  { records, ...frame }: PostbackFrame & { readonly records: readonly SentRecord[] },
): Promise<readonly string[]> {
  const startMs = clock.nowMs();
  for (;;) {
    const logs = [readLog(cloud, region, cloud.logKeys(region))];
    const events = expectedEvents(records, logs).filter(({ id }) => logs[0]?.events.has(id));
    const missing = missingPostbacks({
      ...{ logs, received: readReceived(cloud) },
      postbacks: expectedPostbacks(events, frame),
    });
    if (missing.length === 0) return [];
    const names = missing.map(({ postbackId, standing, sale }) => `${postbackId} ${standing} ${sale}`);
    if (clock.nowMs() - startMs >= patienceMs) return [`partners lack ${missing.length}: ${someOf(names)}`];
    await clock.sleep(lookIntervalMs);
  }
}
