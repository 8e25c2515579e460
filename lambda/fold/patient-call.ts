import { callOutcome } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Clock, Fetched, Random } from '../../core/ports.ts';

const { attemptsMax, pauseMs, pauseMaxMs } = limits.fold;

export interface Patience {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether a call with this answer is worth repeating. */
  readonly isPassing: (answer: Answer) => boolean;
  /** When it says so, nothing is repeated any more. */
  readonly isOver: () => boolean;
}

/** Repeats a call. Each pause has a random length, so that runs that were refused together do not come back together. */
export async function patientCall<T>(
  call: () => Promise<Fetched<T>>,
  { clock, random, isPassing, isOver }: Patience,
): Promise<Fetched<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await call();
    if (result.kind === 'ok' || attempt >= attemptsMax || !isPassing(result.answer) || isOver()) return result;
    const [draw = 0] = random.bytes(1);
    const mostMs = Math.min(pauseMaxMs, pauseMs * 2 ** (attempt - 1));
    await clock.sleep((mostMs * (draw + 1)) / 256);
  }
}

/**
 * S3 refuses some calls while it adapts to more load. A large hour takes millions of calls, and each that failed for good
 * would end the run at that hour. Another 4xx than throttling concerns the object or the rights, so it would be the same
 * again. A call without an answer in time is not repeated: a region that is gone must not cost the time of eight calls.
 */
export function passesAtS3(answer: Answer): boolean {
  if (answer.status === 0) return answer.code !== 'Timeout';
  return answer.status >= 500 || isThrottled(answer);
}

/** While the table is ill, other work goes on. So only throttling is waited out. */
export function isThrottled(answer: Answer): boolean {
  return callOutcome(answer) === 'throttled';
}
