import { answerText } from '../../../core/call-outcome.ts';
import type { HourState } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourPrefix, parseHourName, parseLogKey } from '../../../core/log/log-key.ts';
import type { Clock } from '../../../core/ports.ts';
import type { AskedLedger } from '../../clients/ask-ledger.ts';
import type { LogClient } from '../../clients/log-client.ts';
import type { FiguresReader } from '../../figures/figures-reader.ts';

/** The outcome for one hour of a region. */
export type MadeFinal =
  | {
      readonly kind: 'made';
      readonly hour: string;
      /** Undefined when nothing of the hour was counted before. */
      readonly before: HourState | undefined;
      readonly after: HourState;
    }
  | { readonly kind: 'left'; readonly hour: string; readonly reason: string };

export interface FinalPorts {
  readonly reader: Pick<FiguresReader, 'hourStates'>;
  readonly log: Pick<LogClient, 'list' | 'name'>;
  readonly ask: (hour: string) => Promise<AskedLedger>;
  readonly clock: Clock;
}

export type Plan =
  /** `segments`: in the log, at least. */
  | { readonly kind: 'ready'; readonly before: HourState | undefined; readonly segments: number }
  | { readonly kind: 'left'; readonly reason: string };

/**
 * Whether an hour can be made anew. An empty log with figures means that the log was deleted after its retention:
 * making the hour anew would lose the figures. Throws a FiguresFailure.
 */
export async function planHour(hour: string, { reader, log }: FinalPorts): Promise<Plan> {
  const listed = await log.list(hourPrefix(parseHourName(hour)));
  if (listed.kind === 'failed') {
    return { kind: 'left', reason: `${log.name} cannot be listed (${answerText(listed.answer)})` };
  }
  const before = (await reader.hourStates([hour])).get(hour);
  const segments = listed.value.objects.filter(({ key }) => parseLogKey(key) !== undefined).length;
  if (segments === 0 && (before?.events ?? 0) > 0) {
    return { kind: 'left', reason: 'its log is empty but its figures are not: the figures stay as they are' };
  }
  return { kind: 'ready', before, segments: Math.max(segments, before?.segments ?? 0) };
}

const { attemptsMax, pauseMs } = limits.rebuild;

/**
 * Calls the ledger until a later revision is in force. Another run may be working on the hour already, and one run may
 * not finish a large hour: the next one goes on where it ended. Throws a FiguresFailure.
 */
export async function makeFinal(hour: string, ports: FinalPorts): Promise<MadeFinal> {
  const plan = await planHour(hour, ports);
  if (plan.kind === 'left') return { ...plan, hour };
  const { before } = plan;
  for (let attempt = 1; ; attempt += 1) {
    const asked = await ports.ask(hour);
    const after = (await ports.reader.hourStates([hour])).get(hour);
    if (after !== undefined && after.revision > (before?.revision ?? 0)) return { kind: 'made', hour, before, after };
    if (attempt >= attemptsMax) return { kind: 'left', hour, reason: reasonIn(asked) };
    await ports.clock.sleep(pauseMs);
  }
}

function reasonIn(asked: AskedLedger): string {
  return asked.kind === 'failed' ? asked.reason : `its ledger left it: ${asked.why ?? 'it gives no reason'}`;
}
