import { limits } from '../../../core/limits/limits.ts';
import { readPatience } from '../leadership.ts';
import { LeftToNextRun, type NotifyPorts, NotifyRun } from '../notify-run.ts';
import { readHealth } from '../partner-health.ts';
import { type CatalogMemory, readCatalog } from '../read-catalog.ts';
import type { AlertPorts, SuspendedPostback } from './ports.ts';
import { readCapCounts } from './read-cap-counts.ts';
import { type AlertsReport, createAlerts } from './run-alerts.ts';

const { runMs, timeoutSeconds } = limits.notify;

/** Time for telling what was found. */
const reserveMs = timeoutSeconds * 1_000 - runMs;

/** Looks for alerts in the region that sends postbacks, beside them: neither waits for the other. */
export function createAlertTask(
  ports: NotifyPorts & Omit<AlertPorts, 'region'>,
): (remainingMs: number) => Promise<AlertsReport> {
  const memory: CatalogMemory = {};
  const alerts = createAlerts({ ...ports, region: ports.regions.home });
  return async (remainingMs) => {
    const nowMs = ports.clock.nowMs();
    const run = new NotifyRun(ports, nowMs + Math.min(runMs, remainingMs - reserveMs), nowMs + remainingMs);
    try {
      if ((await readPatience(run)) > 0) return { told: 0, left: 'the other region looks' };
      const catalog = await readCatalog(run, memory);
      const capCounts = await orUnknown(readCapCounts(run));
      const suspended = await orUnknown(suspendedNow(run));
      const facts = { ...(capCounts && { capCounts }), ...(suspended && { suspended }) };
      return await alerts({ catalog, ...facts, isOver: () => run.isOver });
    } catch (error) {
      if (!(error instanceof LeftToNextRun)) throw error;
      ports.log.warn('alerts are left to the next run', { why: error.message });
      return { told: 0, left: error.message };
    }
  };
}

async function suspendedNow(run: NotifyRun): Promise<readonly SuspendedPostback[]> {
  return [...(await readHealth(run))].flatMap(([postbackId, { suspendedAtMs }]) =>
    suspendedAtMs === undefined ? [] : [{ postbackId, sinceMs: suspendedAtMs }],
  );
}

/** What cannot be read must not hold up the other alerts. */
function orUnknown<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof LeftToNextRun) return undefined;
    throw error;
  });
}
