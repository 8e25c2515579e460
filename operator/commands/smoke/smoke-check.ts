import type { JsonValue } from '../../../core/event/event.ts';
import type { HttpAnswer } from '../../clients/http-client.ts';

/** One request of the smoke test, the expected answer, and the expected event in both logs. */
export interface SmokeCheck {
  readonly name: string;
  readonly method?: 'HEAD' | 'POST';
  /** Path and query, byte for byte. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to port 80. */
  readonly isOverHttp?: true;
  readonly body?: string;
  readonly status: number;
  /** Further problems of the answer, one line each. */
  readonly judge: (answer: HttpAnswer) => readonly string[];
  /** Fields that the event must have; `null` = must not have. Absent = the request must capture no event. */
  readonly event?: Readonly<Record<string, JsonValue>>;
}

export interface SmokeOutcome {
  readonly name: string;
  readonly target: string;
  readonly status: number;
  /** The rung that took the event; empty when none was captured. */
  readonly captured: string;
  readonly eventId: string;
  readonly problems: readonly string[];
}

const rungs = /^(intake|bucket)-(home|peer)(\+(intake|bucket)-(home|peer))?$/;

/** Problems that the answer shows. The logs are checked later. */
export function judgeAnswer(check: SmokeCheck, answer: HttpAnswer): SmokeOutcome {
  const captured = answer.headers['x-keeptrack-captured'] ?? '';
  const outcome = { name: check.name, target: check.target, status: answer.status, captured };
  if (answer.status === 0) return { ...outcome, eventId: '', problems: [`no answer: ${answer.error}`] };
  const eventId = answer.headers['x-keeptrack-event'] ?? '';
  const problems = [
    ...(answer.status === check.status ? [] : [`answers ${answer.status}, not ${check.status}`]),
    ...(check.event ? captureProblems(captured, eventId) : strayProblems(captured)),
    ...check.judge(answer),
  ];
  return { ...outcome, eventId, problems };
}

function captureProblems(captured: string, eventId: string): readonly string[] {
  if (captured === '' || eventId === '') return ['the answer names no rung or no event: nothing was captured'];
  return rungs.test(captured) ? [] : [`no rung took the event: ${captured}`];
}

function strayProblems(captured: string): readonly string[] {
  return captured === '' ? [] : [`captured an event (${captured}), and should capture none`];
}

/** One line for each field that differs from what was sent. */
export function eventProblems(
  wanted: Readonly<Record<string, JsonValue>>,
  event: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => (event[name] ?? null) !== value)
    .map(([name, value]) => `its event has ${name} ${JSON.stringify(event[name])}, not ${JSON.stringify(value)}`);
}
