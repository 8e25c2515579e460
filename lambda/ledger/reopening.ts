import { callOutcome } from '../../core/call-outcome.ts';
import { reopenKey } from '../../core/figures/table-keys.ts';
import { reopenWrite } from '../../core/ledger/first-conversion.ts';
import { limits } from '../../core/limits/limits.ts';
import { hourName } from '../../core/log/log-key.ts';
import { retryTableCall } from '../shared/retry-table-call.ts';
import type { Examined } from './examine-hour.ts';
import { done, type LedgerPorts, newToken, refused, type Step } from './steps.ts';

const { tableBudgetMs } = limits.ledger;

/** Notes in the table that an hour has to be made final again, by this run or by the next one. */
export async function reopen(hourStartMs: number, ports: LedgerPorts, endMs: number): Promise<Step<undefined>> {
  const write = reopenWrite(hourStartMs, newToken(ports));
  const answer = await retryTableCall((budgetMs) => ports.table.write(write, budgetMs), ports, endMs + tableBudgetMs);
  return callOutcome(answer) === 'done' ? done(undefined) : refused('cannot reopen the hour', answer);
}

/** Deletes the note. An hour that was reopened once more meanwhile has another token and stays open. */
export async function forgetReopening(
  { hourStartMs, reopenToken }: Examined,
  ports: LedgerPorts,
  endMs: number,
): Promise<Step<undefined>> {
  if (reopenToken === undefined) return done(undefined);
  const key = reopenKey(hourName(hourStartMs));
  const when = [{ attribute: 'token', is: 'equal', value: reopenToken }] as const;
  const answer = await retryTableCall(
    (budgetMs) => ports.table.write({ kind: 'delete', key, when }, budgetMs),
    ports,
    endMs + tableBudgetMs,
  );
  const outcome = callOutcome(answer);
  return outcome === 'done' || outcome === 'unmet' ? done(undefined) : refused('cannot forget a reopening', answer);
}
