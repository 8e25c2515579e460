import type { Clock } from '../../core/ports.ts';
import type { CloudState, LocalCloud } from '../../local/handle.ts';

/**
 * What the alarm addresses were told, one text for each alert: all of its paragraph but the figures, which follow a
 * colon. A message ends with a paragraph that is no alert.
 */
export function toldAlerts(messages: CloudState['regions'][number]['messages']): readonly string[] {
  return messages.flatMap(({ body }) => {
    const alerts = body.split('\n\n').slice(0, -1);
    return alerts.map((alert) => alert.split(':')[0] ?? '');
  });
}

const lookIntervalMs = 250;
const patienceMs = 90_000;

/** Waits for the last alert, if it lacks. One line when more were told, or fewer. */
export async function alertsProblems(cloud: LocalCloud, clock: Clock, count: number): Promise<readonly string[]> {
  const startMs = clock.nowMs();
  for (;;) {
    const told = toldAlerts(cloud.regions.flatMap((region) => cloud.topicMessages(region)));
    if (told.length === count) return [];
    if (told.length > count || clock.nowMs() - startMs >= patienceMs)
      return [`${told.length} alerts were told: ${told.join('; ') || 'none'}`];
    await clock.sleep(lookIntervalMs);
  }
}
