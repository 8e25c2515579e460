import { type AlertHour, newestHour, sameHourOfPastWeeks } from '../../../core/alerts/alert-hour.ts';
import type { RuleReading, RuleReadings } from '../../../core/alerts/alert-state.ts';
import { ruleAlertText, silenceText, valueText } from '../../../core/alerts/alert-text.ts';
import type { Signal } from '../../../core/alerts/episodes.ts';
import { type Judgement, judgeRule } from '../../../core/alerts/judge-rule.ts';
import { subjectOf, sumTallies } from '../../../core/alerts/tally.ts';
import type { AlertRule } from '../../../core/catalog/alert-rule.ts';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { offsetMinutesIn } from '../../../core/config/time-zone.ts';
import type { HourState } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourMs, hourStart, parseHourName } from '../../../core/log/log-key.ts';
import { FiguresSilent, hoursOf, type SubjectTallies, type TallyReader } from './read-tallies.ts';

export interface JudgedRules {
  readonly signals: readonly Signal[];
  readonly rules: RuleReadings;
}

const { figuresAgeMsMax } = limits.alerts;

/** Judges all rules by the newest hour of home's figures. Throws a FiguresSilent while these tell nothing. */
export async function judgeRules(
  catalog: Catalog,
  reader: TallyReader,
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): Promise<JudgedRules> {
  const foldedToMs = await newestFolded(reader, nowMs);
  if (foldedToMs < nowMs - figuresAgeMsMax) throw new FiguresSilent('figures lag');
  const hour = newestHour(foldedToMs);
  const present = await talliesOf(reader, hour);
  if (typeof present === 'string') throw new FiguresSilent(present);
  const past = await pastTallies(reader, catalog.alerts, hour, timeZone);
  const judged = catalog.alerts.map((rule) => judgeOne(rule, hour, present, past, catalog));
  const readings = judged.map(({ reading }) => reading);
  return { signals: judged.map(({ signal }) => signal), rules: { hourEndMs: hour.endMs, readings } };
}

function judgeOne(
  rule: AlertRule,
  hour: AlertHour,
  present: SubjectTallies,
  past: readonly SubjectTallies[],
  catalog: Catalog,
): { readonly signal: Signal; readonly reading: RuleReading } {
  const subject = subjectOf(rule);
  const none = sumTallies([]);
  const tally = present.get(subject) ?? none;
  const judgement = judgeRule(
    rule,
    tally,
    past.map((week) => week.get(subject) ?? none),
  );
  const { verdict } = judgement;
  const says = ruleAlertText(rule, hour, tally, judgement, catalog);
  return {
    signal: { key: `rule/${rule.id}`, of: JSON.stringify(rule), verdict, says },
    reading: { id: rule.id, verdict, says: readingText(rule, judgement) },
  };
}

function readingText({ measure }: AlertRule, judgement: Judgement): string {
  if (judgement.verdict === 'unknown') return silenceText(judgement.why);
  const { value, bound } = judgement;
  return `${valueText(measure, value)}, bound ${valueText(measure, bound)}`;
}

/** Up to which moment figures have every event. The first state of the running hour can still be missing. */
async function newestFolded(reader: TallyReader, nowMs: number): Promise<number> {
  const running = hourStart(nowMs);
  for (const hourStartMs of [running, running - hourMs]) {
    const state = await reader.state(hourStartMs);
    if (state !== undefined) return Math.min(state.foldedToMs, hourStartMs + hourMs);
  }
  throw new FiguresSilent('figures lag');
}

/** The tallies of an hour, or what its figures lack. */
async function talliesOf(reader: TallyReader, hour: AlertHour): Promise<SubjectTallies | string> {
  const states: HourState[] = [];
  for (const hourStartMs of hoursOf(hour)) {
    const state = await reader.state(hourStartMs);
    const lack = lackOf(state, hour);
    if (state === undefined || lack !== undefined) return lack ?? '';
    states.push(state);
  }
  return reader.tallies(hour, states);
}

/** Figures that lack some of the hour's events would look like a fall. */
function lackOf(state: HourState | undefined, { endMs }: AlertHour): string | undefined {
  if (state === undefined) return 'an hour has no figures';
  const { hour, foldedToMs, unresolved } = state;
  if (foldedToMs < Math.min(parseHourName(hour) + hourMs, endMs)) return `figures of ${hour}Z lag`;
  return unresolved > 0 ? `conversions of ${hour}Z wait for the conversion index` : undefined;
}

/** The weeks that have figures. */
async function pastTallies(
  reader: TallyReader,
  rules: readonly AlertRule[],
  hour: AlertHour,
  timeZone: string,
): Promise<readonly SubjectTallies[]> {
  if (rules.every((rule) => rule.change_percent === undefined)) return [];
  const weeks: SubjectTallies[] = [];
  for (const past of sameHourOfPastWeeks(hour, offsetMinutesIn(timeZone))) {
    const tallies = await talliesOf(reader, past);
    if (typeof tallies !== 'string') weeks.push(tallies);
  }
  return weeks;
}
