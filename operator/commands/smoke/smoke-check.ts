import type { JsonValue } from '../../../core/event/event.ts';
import type { HttpAnswer } from '../../clients/http-client.ts';

/** One request of the smoke test, what must come back, and what must stand in both logs afterwards. */
export interface SmokeCheck {
  readonly name: string;
  readonly method?: 'HEAD' | 'POST';
  /** Path and query, byte for byte. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  /** What else is wrong with the answer, one line each. */
  readonly judge: (answer: HttpAnswer) => readonly string[];
  /** Fields that the event must have; `null` = must not have. Absent = nothing may be captured. */
  readonly event?: Readonly<Record<string, JsonValue>>;
}

export interface SmokeOutcome {
  readonly name: string;
  readonly target: string;
  readonly status: number;
  /** The rung that took the event; empty when none was to be taken. */
  readonly captured: string;
  readonly eventId: string;
  readonly problems: readonly string[];
}

const rungs = /^(intake|bucket)-(home|peer)(\+(intake|bucket)-(home|peer))?$/;

/** What the answer alone shows; the logs are looked at later. */
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

/** The values that differ from what was sent. */
export function eventProblems(
  wanted: Readonly<Record<string, JsonValue>>,
  event: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => (event[name] ?? null) !== value)
    .map(([name, value]) => `its event has ${name} ${JSON.stringify(event[name])}, not ${JSON.stringify(value)}`);
}
