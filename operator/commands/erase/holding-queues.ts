import type { Deployment } from '../../clients/deployment.ts';
import type { QueueFacts } from '../../clients/queue-facts.ts';
import { queuesOf } from '../../clients/queue-facts.ts';

/** A queue that may hold events that are in no log yet. */
export interface HoldingQueue {
  readonly region: string;
  readonly name: string;
  /** Each message of a failure queue is a whole segment that may still be delivered. */
  readonly role: QueueFacts['role'];
  /** For example `holds about 3 messages`. */
  readonly says: string;
}

/** The queues of both regions that are not empty, or cannot be read. */
export async function holdingQueues(deployment: Deployment, nowMs: number): Promise<readonly HoldingQueue[]> {
  const ofRegions = deployment.regions.map(async (region) => {
    const queues = await queuesOf(deployment, region, nowMs);
    return queues.flatMap(({ name, role, depth }): HoldingQueue[] => {
      if (depth.kind === 'unknown') return [{ region, name, role, says: `cannot be looked at (${depth.reason})` }];
      const { messages } = depth.value;
      return messages === 0 ? [] : [{ region, name, role, says: `holds about ${messages} messages` }];
    });
  });
  return (await Promise.all(ofRegions)).flat();
}
