import type { LoggedEvent, TrackedEvent } from '../../core/event/event.ts';
import { accountingTotals } from '../evidence/accounting-totals.ts';
import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import { goneEvents } from '../faults/lose-region.ts';
import { groupBy } from '../group-by.ts';
import { someOf } from './problem-text.ts';

/**
 * I9, for events: each environment numbers its events from 1 and uses no number twice. When a number below the highest
 * is in no log, a line in a function's log must carry the whole event, or the event was lost with its region. A killed environment may lose its last numbers:
 * they leave no gap, and nobody got an acknowledgement for them. Scheduled probes have no number.
 *
 * I9, for segments: a key in one log is also in the other log, or a queue holds its events.
 */
export const accounting: DrillCheck = (evidence) => [
  ...numberProblems(evidence),
  ...segmentGaps(evidence),
  ...openAccount(evidence),
];

/** The core's own accounting, which operators use, must find no gap either. */
function openAccount(evidence: Evidence): string[] {
  const { unexplained } = accountingTotals(evidence).events;
  if (unexplained === 0) return [];
  return [`I9: ${unexplained} captured events are in no log, no queue and no function's log`];
}

function numberProblems(evidence: Evidence): string[] {
  const logged = [...new Map(evidence.logs.flatMap(({ events }) => [...events])).values()].filter(isNumbered);
  const elsewhere = [...evidence.functionLines.map(({ event }) => event), ...goneEvents(evidence.steps).values()];
  const explained = new Set(elsewhere.map(({ env, seq }) => `${env} ${seq}`));
  return [...groupBy(logged, ({ region, env }) => `${region} ${env}`)].flatMap(([place, events]) => {
    const env = events[0]?.env ?? '';
    const numbers = new Set(events.map(({ seq }) => seq));
    const gaps = numbersMissingFrom(numbers).filter((number) => !explained.has(`${env} ${number}`));
    return [
      ...(gaps.length === 0
        ? []
        : [`I9: nothing explains the missing numbers ${someOf(gaps.map(String))} of environment ${place}`]),
      ...(numbers.size === events.length
        ? []
        : [`I9: environment ${place} gave only ${numbers.size} numbers to ${events.length} events`]),
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
          `I9: ${region}'s log lacks ${unowed.length} segments that are in no queue: ${someOf(unowed.map(([key]) => key))}`,
        ];
  });
}
