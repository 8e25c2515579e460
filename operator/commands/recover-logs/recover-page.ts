import { bodiesOf, readLogLine } from '../../../core/event/unconfirmed.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { IntakeSender } from '../../clients/intake-sender.ts';

/** What came of one region's log so far. */
export interface Recovery {
  readonly region: string;
  /** Events that the log holds. */
  readonly found: number;
  /** Of these, taken by an intake queue. */
  readonly recovered: number;
  /** Lines that should hold an event and do not, by reason. */
  readonly bad: Readonly<Record<string, number>>;
  /** Why it ended before everything was brought in. */
  readonly failure?: string;
}

/** One page of log lines. Without a sender they are only counted; stops at the first body that no queue takes. */
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
  for (const body of bodiesOf(lines, limits.operator.intakeBodyBytesMax)) {
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
