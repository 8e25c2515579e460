import type { LoggedEvent, TrackedEvent } from '../../core/event/event.ts';
import { accountingTotals } from '../evidence/accounting-totals.ts';
import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { groupBy, someOf } from './problem-text.ts';

/**
 * I9, for events: each environment numbers what it mints from 1, so a number below its highest that stands in no log
 * needs an explanation, which is a line in a function's log that carries the event whole. (An environment that was killed
 * takes its last numbers with it; they leave no gap, and were acknowledged to nobody.) No number is given twice. The
 * schedule's probes have none. For segments: a key that one log has stands in the other too, or is owed to it.
 */
export const accounting: DrillCheck = (evidence) => [
  ...numberProblems(evidence),
  ...segmentGaps(evidence),
  ...openAccount(evidence),
];

/** What users are told of it, by code of its own, must come to the same. */
function openAccount(evidence: Evidence): string[] {
  const { unexplained } = accountingTotals(evidence).events;
  if (unexplained === 0) return [];
  return [`I9: the account does not close: of ${unexplained} captured events nobody can say where they are`];
}

function numberProblems(evidence: Evidence): string[] {
  const logged = [...new Map(evidence.logs.flatMap(({ events }) => [...events])).values()].filter(isNumbered);
  const explained = new Set(evidence.functionLines.map(({ event }) => `${event.env} ${event.seq}`));
  return [...groupBy(logged, ({ region, env }) => `${region} ${env}`)].flatMap(([place, events]) => {
    const env = events[0]?.env ?? '';
    const numbers = new Set(events.map(({ seq }) => seq));
    const gaps = numbersMissingFrom(numbers).filter((number) => !explained.has(`${env} ${number}`));
    return [
      ...(gaps.length === 0
        ? []
        : [`I9: of environment ${place} nothing explains the missing numbers ${someOf(gaps.map(String))}`]),
      ...(numbers.size === events.length
        ? []
        : [`I9: environment ${place} gave ${events.length} events only ${numbers.size} numbers`]),
    ];
  });
}

function isNumbered(event: LoggedEvent): event is TrackedEvent {
  return typeof event.env === 'string' && typeof event.seq === 'number';
}

function numbersMissingFrom(numbers: ReadonlySet<number>): number[] {
  const highest = [...numbers].reduce((high, number) => Math.max(high, number), 0);
  return Array.from({ length: highest }, (_, index) => index + 1).filter((number) => !numbers.has(number));
}

function segmentGaps({ logs, queues }: Evidence): string[] {
  const owedEvents = new Set(queues.flatMap(({ eventIds }) => [...eventIds]));
  const all = new Map(logs.flatMap(({ segments }) => [...segments]));
  return logs.flatMap(({ region, segments }) => {
    const missing = [...all].filter(([key]) => !segments.has(key));
    const unowed = missing.filter(([, { events }]) => !events.every(({ id }) => owedEvents.has(id)));
    return unowed.length === 0
      ? []
      : [
          `I9: ${region}'s log lacks ${unowed.length} segments that no queue owes it: ${someOf(unowed.map(([key]) => key))}`,
        ];
  });
}
