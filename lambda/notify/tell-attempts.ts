import { isTaken } from '../../core/call-outcome.ts';
import { encodeLine } from '../../core/event/event.ts';
import { intakeBodies, unconfirmedKey } from '../../core/event/unconfirmed.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics } from '../../core/metrics.ts';
import { type Attempt, attemptEvent } from '../../core/postbacks/attempt-event.ts';
import { sides } from '../../eventlog/log-buckets.ts';
import type { NotifyRun } from './notify-run.ts';

const { eventBytesMax, queueBudgetMs } = limits.notify;

/**
 * Sends an event for each attempt to home's intake queue, or to the other region's while home's does not take it. When
 * neither does, the events stand whole in the function's log, as unconfirmed clicks do.
 */
export async function tellAttempts(run: NotifyRun, attempts: readonly Attempt[]): Promise<void> {
  const { regions, random, metrics: sink, log } = run.ports;
  const events = attempts.map((attempt) => attemptEvent(attempt, regions.home, random.bytes(10)));
  const byLine = new Map(events.map((event) => [encodeLine(event), event]));
  for (const body of intakeBodies([...byLine.keys()], eventBytesMax)) {
    if (await isSent(run, body.join('\n'))) continue;
    sink.count(metrics.unconfirmed, body.length);
    for (const line of body) log.error('no queue took the event of an attempt', { [unconfirmedKey]: byLine.get(line) });
  }
}

async function isSent({ ports }: NotifyRun, body: string): Promise<boolean> {
  for (const side of sides) {
    if (isTaken(await ports.intake[side].send(body, queueBudgetMs))) return true;
  }
  return false;
}
