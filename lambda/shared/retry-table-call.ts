import { callOutcome } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Clock, Random } from '../../core/ports.ts';

const { indexBudgetMs, attemptsMax, pauseMs, pauseMaxMs } = limits.fold;

export interface RetryTableCallPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Repeats a call while the table throttles it. Each pause has a random length, so that runs that were throttled together
 * do not come back together. All other answers go to the caller. Ends by `endMs`.
 */
export async function retryTableCall(
  call: (budgetMs: number) => Promise<Answer>,
  { clock, random }: RetryTableCallPorts,
  endMs: number,
): Promise<Answer> {
  let answer: Answer = { status: 0, code: 'Timeout' };
  for (let attempt = 1; attempt <= attemptsMax && clock.nowMs() < endMs; attempt += 1) {
    answer = await call(Math.min(indexBudgetMs, endMs - clock.nowMs()));
    if (callOutcome(answer) !== 'throttled') return answer;
    const [draw = 0] = random.bytes(1);
    const mostMs = Math.min(pauseMaxMs, pauseMs * 2 ** (attempt - 1));
    await clock.sleep(Math.min((mostMs * (draw + 1)) / 256, Math.max(0, endMs - clock.nowMs())));
  }
  return answer;
}
