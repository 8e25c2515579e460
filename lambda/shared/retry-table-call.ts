import { callOutcome } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Answer, Clock, Random } from '../../core/ports.ts';

const { tableBudgetMs, attemptsMax, pauseMs, pauseMaxMs } = limits.stats;

export interface RetryTableCallPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Repeats a call while it collides with other transactions or the table is throttled. Each pause has a random length,
 * so that those who collided do not meet again. All other answers go to the caller. Ends by `endMs`.
 */
export async function retryTableCall(
  call: (budgetMs: number) => Promise<Answer>,
  { clock, random }: RetryTableCallPorts,
  endMs: number,
): Promise<Answer> {
  let answer: Answer = { status: 0, code: 'Timeout' };
  for (let attempt = 1; attempt <= attemptsMax && clock.nowMs() < endMs; attempt += 1) {
    answer = await call(Math.min(tableBudgetMs, endMs - clock.nowMs()));
    if (!isWorthAPause(answer)) return answer;
    const [draw = 0] = random.bytes(1);
    const mostMs = Math.min(pauseMaxMs, pauseMs * 2 ** (attempt - 1));
    await clock.sleep(Math.min((mostMs * (draw + 1)) / 256, Math.max(0, endMs - clock.nowMs())));
  }
  return answer;
}

function isWorthAPause(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome === 'conflict' || outcome === 'throttled';
}
