import { intakeBodies, readLogLine } from '../../../core/event/unconfirmed.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { IntakeSender } from '../../clients/intake-sender.ts';

/** Progress in one region's function logs. */
export interface Recovery {
  readonly region: string;
  /** Unconfirmed events in the logs. */
  readonly found: number;
  /** Events of these that an intake queue took. */
  readonly recovered: number;
  /** Number of lines whose event cannot be read, by reason. */
  readonly bad: Readonly<Record<string, number>>;
  /** Why the recovery stopped early. */
  readonly failure?: string;
}

/** Sends one page of log lines, or only counts them without a sender. Stops at the first body that no queue takes. */
export async function recoverPage(
  before: Recovery,
  texts: readonly string[],
  sender: IntakeSender | undefined,
): Promise<Recovery> {
  const read = texts.map(readLogLine);
  const lines = read.flatMap((one) => (one.kind === 'event' ? [one.line] : []));
  const reasons = read.flatMap((one) => (one.kind === 'bad' ? [one.reason] : []));
  const counted = { ...before, found: before.found + lines.length, bad: added(before.bad, reasons) };
  if (!sender) return counted;
  let recovered = before.recovered;
  for (const body of intakeBodies(lines, limits.operator.intakeBodyBytesMax)) {
    const region = await sender.send(body.join('\n'));
    if (region === undefined) return { ...counted, recovered, failure: 'no intake queue takes its events' };
    recovered += body.length;
  }
  return { ...counted, recovered };
}

function added(counts: Recovery['bad'], reasons: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = { ...counts };
  for (const reason of reasons) sums[reason] = (sums[reason] ?? 0) + 1;
  return sums;
}
