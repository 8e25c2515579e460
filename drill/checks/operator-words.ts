import type { LoggedEvent } from '../../core/event/event.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { LogView } from '../evidence/log-view.ts';
import { forgedOperator } from '../faults/planted-object.ts';
import type { OperatorWord } from '../load/operator-words.ts';
import { someOf } from './problem-text.ts';

/**
 * I1 and I2, for operators: both logs hold each word that an operator said by a command that succeeded, and no other
 * operator's event but those that the drill forged. A word that was said twice may be one event or two.
 */
export const operatorWords = ({ steps, logs }: Pick<Evidence, 'steps' | 'logs'>): readonly string[] => {
  const words = steps.flatMap((step) => step.words ?? []);
  const done = steps.filter(({ outcome }) => outcome.exitCode === 0).flatMap((step) => step.words ?? []);
  return [...logs.flatMap((log) => missingWords(done, log)), ...unsaidEvents(words, logs)];
};

/** One line when the log lacks some of the words. */
export function missingWords(words: readonly OperatorWord[], log: LogView): readonly string[] {
  const events = operatorEventsIn(log);
  const missing = words.filter((word) => !events.some((event) => isSaidBy(event, word, log)));
  if (missing.length === 0) return [];
  return [`I1: ${log.region}'s log lacks ${missing.length} words of the operator: ${someOf(missing.map(wordText))}`];
}

function unsaidEvents(words: readonly OperatorWord[], logs: readonly LogView[]): readonly string[] {
  return logs.flatMap((log) => {
    const unsaid = operatorEventsIn(log).filter((event) => !words.some((word) => isSaidBy(event, word, log)));
    if (unsaid.length === 0) return [];
    const ids = someOf(unsaid.map(({ id }) => id));
    return [`I2: ${log.region}'s log holds ${unsaid.length} operators' events that nobody said: ${ids}`];
  });
}

function operatorEventsIn({ events }: LogView): readonly LoggedEvent[] {
  const isOperators = ({ type }: LoggedEvent) => type === 'decision' || type === 'adjustment';
  return [...events.values()].filter((event) => isOperators(event) && event['operator'] !== forgedOperator);
}

function isSaidBy(event: LoggedEvent, word: OperatorWord, { events }: LogView): boolean {
  if (event.type !== word.type) return false;
  if (word.type === 'adjustment') return isAdjustment(event, word);
  const key = events.get(word.reportId)?.['conversion_key'];
  const { conversion_key: own, conversion_id: seen, verdict, amount = '' } = event;
  const isOfSale = own === key && events.get(`${seen}`)?.['conversion_key'] === key;
  return isOfSale && verdict === word.verdict && Number(amount) === Number(word.amount);
}

const hourMs = 3_600_000;
/** The network's day begins so long before or after that of UTC. */
const zoneMsMax = 14 * hourMs;

function isAdjustment(event: LoggedEvent, word: Extract<OperatorWord, { type: 'adjustment' }>): boolean {
  const { day_at: dayAt, goal_id: goal = 0, payout, revenue } = event;
  const names = [event['reference'], event['day'], event['offer_id'], event['aff_id'], goal, event['currency']];
  const said = [word.reference, word.day, word.offerId, word.affiliateId, word.goalId, word.currency];
  const isOfDay = Math.abs(Number(dayAt) - Date.parse(`${word.day}T00:00Z`)) <= zoneMsMax;
  return (
    names.join() === said.join() &&
    isOfDay &&
    Number(payout) === Number(word.payout) &&
    Number(revenue) === Number(word.revenue)
  );
}

function wordText(word: OperatorWord): string {
  return word.type === 'decision' ? `${word.verdict} ${word.reportId}` : `adjustment ${word.reference}`;
}
