import { beforeEach, describe, expect, test } from 'vitest';
import { TransactionTokens } from '../../../../local/model/table/transaction-tokens.ts';
import { SimulatedTime } from '../../../../simulation/simulated-time.ts';

const minuteMs = 60_000;

let time: SimulatedTime;
let tokens: TransactionTokens;

beforeEach(() => {
  time = new SimulatedTime();
  tokens = new TransactionTokens(time);
  tokens.remember('token', 'count one');
});

describe('a token of a transaction that was done (developerguide/transaction-apis.html, idempotency)', () => {
  test('is known with its request for ten minutes', async () => {
    await time.pass(10 * minuteMs - 1);
    expect(tokens.look('token', 'count one')).toBe('done');
  });

  test('is refused with another request meanwhile', async () => {
    await time.pass(10 * minuteMs - 1);
    expect(tokens.look('token', 'count two')).toBe('mismatch');
  });

  test('is forgotten after ten minutes, and those that came later are not', async () => {
    await time.pass(5 * minuteMs);
    tokens.remember('later', 'count one');
    await time.pass(5 * minuteMs);
    expect(tokens.look('token', 'count one')).toBe('new');
    expect(tokens.look('later', 'count one')).toBe('done');
  });
});
