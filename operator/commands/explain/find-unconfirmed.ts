import { parseLine } from '../../../core/event/event.ts';
import { readLogLine } from '../../../core/event/unconfirmed.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { type LogReader, openLogReader, type TimeRange } from '../../clients/log-reader.ts';
import type { CheckedIdentity } from './checked-identity.ts';

const { stampedWithinMs, functionLogPagesMax } = limits.explain;

/**
 * Regions whose function log has the click, because no rung took it. The log does not say whether it was brought in
 * since.
 */
export async function unconfirmedIn(
  transactionId: string,
  { clickedAtMs }: CheckedIdentity,
  deployment: Deployment,
): Promise<readonly string[]> {
  const range = { fromMs: clickedAtMs - stampedWithinMs, toMs: clickedAtMs + stampedWithinMs };
  const held = await Promise.all(
    deployment.regions.map(async (region) => {
      const reader = openLogReader(deployment, region, 'track');
      const isHeld = await holds(reader, range, transactionId);
      reader.close();
      return isHeld ? [region] : [];
    }),
  );
  return held.flat();
}

/** Also false when the log does not answer. */
async function holds(reader: LogReader, range: TimeRange, transactionId: string): Promise<boolean> {
  let next: string | undefined;
  for (let pages = 0; pages < functionLogPagesMax; pages += 1) {
    const page = await reader.page(range, next);
    if (page.kind === 'failed') return false;
    if (page.value.texts.some((text) => isOf(text, transactionId))) return true;
    next = page.value.next;
    if (next === undefined) return false;
  }
  return false;
}

function isOf(text: string, transactionId: string): boolean {
  const read = readLogLine(text);
  if (read.kind !== 'event') return false;
  const parsed = parseLine(read.line);
  return parsed.kind === 'event' && parsed.event['txn'] === transactionId;
}
