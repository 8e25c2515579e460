import { callOutcome } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Fetched } from '../../core/ports.ts';
import type { RetryTableCallPorts } from '../shared/retry-table-call.ts';

const { attemptsMax, pauseMs, pauseMaxMs } = limits.fold;

/**
 * Repeats a call that S3 refused or broke off. S3 refuses some calls while it adapts to more load. A large hour takes
 * millions of calls, and each that failed for good would end the run at that hour. A call without an answer in time is not
 * repeated: a region that is gone must not cost the time of eight calls.
 */
export async function patientCall<T>(
  call: () => Promise<Fetched<T>>,
  { clock, random }: RetryTableCallPorts,
  isOver: () => boolean,
): Promise<Fetched<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const result = await call();
    if (result.kind === 'ok' || attempt >= attemptsMax || !isPassing(result.answer) || isOver()) return result;
    const [draw = 0] = random.bytes(1);
    const mostMs = Math.min(pauseMaxMs, pauseMs * 2 ** (attempt - 1));
    await clock.sleep((mostMs * (draw + 1)) / 256);
  }
}

/** Another 4xx than these concerns the object or the rights, so it would be the same again. */
function isPassing(answer: Answer): boolean {
  const { status, code } = answer;
  if (status === 0) return code !== 'Timeout';
  return status >= 500 || callOutcome(answer) === 'throttled';
}
