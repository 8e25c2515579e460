import { answerText } from '../../../core/call-outcome.ts';
import { limits } from '../../../core/limits/limits.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import type { Clock } from '../../../core/ports.ts';
import type { AskedLedger } from '../../clients/ask-ledger.ts';
import type { LogClient } from '../../clients/log-client.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';
import type { FinalHour } from '../../figures/final-hour.ts';
import { readStates } from '../../figures/read-figures.ts';

/** The outcome for one hour of a region. */
export type MadeFinal =
  | {
      readonly kind: 'made';
      readonly hour: string;
      /** Undefined when the hour was provisional before. */
      readonly before: FinalHour | undefined;
      readonly after: FinalHour;
    }
  | { readonly kind: 'left'; readonly hour: string; readonly reason: string };

export interface FinalPorts {
  readonly reader: Pick<FiguresReader, 'hourStates'>;
  readonly log: Pick<LogClient, 'segments' | 'name'>;
  readonly ask: (hour: string) => Promise<AskedLedger>;
  readonly clock: Clock;
}

export type Plan =
  | { readonly kind: 'ready'; readonly before: FinalHour | undefined; readonly segments: number }
  | { readonly kind: 'left'; readonly reason: string };

/**
 * Whether an hour can be made anew. An empty log with figures means that the log was deleted after its retention:
 * making the hour anew would lose the figures. Throws a FiguresFailure.
 */
export async function planHour(hour: string, { reader, log }: FinalPorts): Promise<Plan> {
  const listed = await log.segments(parseHourName(hour));
  if (listed.kind === 'failed') {
    return { kind: 'left', reason: `${log.name} cannot be listed (${answerText(listed.answer)})` };
  }
  const before = (await readStates(reader, [hour])).get(hour);
  const segments = listed.value.segments.length;
  if (segments === 0 && (before?.events ?? 0) > 0) {
    return { kind: 'left', reason: 'its log is empty but its figures are not: the figures stay as they are' };
  }
  return { kind: 'ready', before, segments };
}

const { attemptsMax, pauseMs } = limits.rebuild;

/**
 * Calls the ledger until a later revision is in force. Another run may be working on the hour already, and one run may
 * not finish a large hour. Throws a FiguresFailure.
 */
export async function makeFinal(hour: string, ports: FinalPorts): Promise<MadeFinal> {
  const plan = await planHour(hour, ports);
  if (plan.kind === 'left') return { ...plan, hour };
  const { before } = plan;
  for (let attempt = 1; ; attempt += 1) {
    const asked = await ports.ask(hour);
    const after = (await readStates(ports.reader, [hour])).get(hour);
    if (after !== undefined && after.revision > (before?.revision ?? 0)) return { kind: 'made', hour, before, after };
    if (attempt >= attemptsMax) return { kind: 'left', hour, reason: reasonIn(asked) };
    await ports.clock.sleep(pauseMs);
  }
}

function reasonIn(asked: AskedLedger): string {
  return asked.kind === 'failed' ? asked.reason : `its ledger left it: ${asked.why ?? 'it gives no reason'}`;
}
