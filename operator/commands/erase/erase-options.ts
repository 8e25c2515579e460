import type { ErasureCriterion } from '../../../core/event/erasure.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { hourMs, hourStart, parseHourName } from '../../../core/log/log-key.ts';
import { clickFieldNames, conversionFieldNames } from '../../../core/tracking/input/parameter-names.ts';

/** Hours of UTC, both included, each as the ms at which it starts. */
export interface HourRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The options as Commander parses them. */
export interface EraseOptions {
  readonly transaction?: string;
  readonly event?: string;
  readonly clientAddress?: string;
  readonly subId?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: true;
  readonly confirm?: string;
}

export type ReadErasure =
  | { readonly kind: 'erasure'; readonly criterion: ErasureCriterion; readonly range: HourRange }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** Without `--from` the range begins `retentionDays` ago, where the log begins. */
export function readErasure(options: EraseOptions, nowMs: number, retentionDays: number): ReadErasure {
  const problems: string[] = [];
  const criterion = criterionOf(options, problems);
  const usual = criterion && usualRange(criterion, nowMs, retentionDays);
  const fromMs = hourOf('--from', options.from, problems) ?? usual?.fromMs ?? 0;
  const toMs = hourOf('--to', options.to, problems) ?? usual?.toMs ?? 0;
  if (problems.length === 0 && fromMs > toMs) problems.push('--from: is after --to');
  if (!criterion || problems.length > 0) return { kind: 'wrong', problems };
  return { kind: 'erasure', criterion, range: { fromMs, toMs } };
}

function criterionOf(options: EraseOptions, problems: string[]): ErasureCriterion | undefined {
  const { transaction, event, clientAddress, subId } = options;
  const given = [transaction, event, clientAddress, subId].filter((value) => value !== undefined);
  if (given.length !== 1) {
    problems.push('say whose events: one of --transaction, --event, --client-address and --sub-id');
    return undefined;
  }
  if (transaction !== undefined) return { kind: 'transaction', transactionId: transaction };
  if (clientAddress !== undefined) return { kind: 'client-address', address: clientAddress };
  if (event !== undefined) return eventCriterion(event, problems);
  return { kind: 'sub-ids', values: new Map((subId ?? []).flatMap((pair) => subIdOf(pair, problems))) };
}

function eventCriterion(eventId: string, problems: string[]): ErasureCriterion {
  const isId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(eventId);
  if (!isId) problems.push('--event: is no event id, as the header x-keeptrack-event of an answer has it');
  return { kind: 'event', eventId };
}

const fieldNames: ReadonlySet<string> = new Set([...clickFieldNames, ...conversionFieldNames]);

function subIdOf(pair: string, problems: string[]): [string, string][] {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
  if (value === '') problems.push(`--sub-id: "${pair}" is not of the form aff_sub=value`);
  else if (!fieldNames.has(name)) problems.push(`--sub-id: events have no "${name}"; they have ${someNames}, …`);
  return [[name, value]];
}

const someNames = 'aff_sub, aff_sub2, aff_click_id, adv_sub, user_id, google_aid';

/** An event's id names its hour. Other criteria need the whole log, and one hour more for ids of fast clocks. */
function usualRange(criterion: ErasureCriterion, nowMs: number, retentionDays: number): HourRange {
  if (criterion.kind === 'event') {
    const fromMs = hourStart(uuidTimeMs(criterion.eventId));
    return { fromMs, toMs: fromMs };
  }
  return { fromMs: hourStart(nowMs) - retentionDays * 24 * hourMs, toMs: hourStart(nowMs) + hourMs };
}

/** `2026-11-23T05` in UTC. Other commands print a `Z` behind it, which is optional here. */
function hourOf(option: string, text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseHourName(text.replace(/Z$/, ''));
  if (!Number.isNaN(ms)) return ms;
  problems.push(`${option}: "${text}" is not an hour in UTC such as 2026-11-23T05`);
  return undefined;
}
