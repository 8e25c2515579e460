import { describe, expect, test } from 'vitest';
import type { PostbackOutcome, PostbackRequest } from '../../../../core/postbacks/outcome.ts';
import { runKeeptrack } from '../../command-under-test.ts';

/** Runs the command with a partner that answers so. */
async function run(args: readonly string[], outcome: PostbackOutcome = { kind: 'delivered', status: 200, ms: 12 }) {
  const sent: PostbackRequest[] = [];
  let open = 0;
  const openSender = () => {
    open += 1;
    return {
      send: async (request: PostbackRequest) => {
        sent.push(request);
        return outcome;
      },
      close: () => {
        open -= 1;
      },
    };
  };
  const finished = await runKeeptrack(['postbacks', 'test', ...args], { openSender });
  return { ...finished, sent, open };
}

const url = 'https://p.example/p?c={aff_click_id}&s={status}&p={payout}';
const expanded = 'https://p.example/p?c=example-aff_click_id&s=approved&p=1.00';

describe('keeptrack postbacks test', () => {
  test('sends one postback with example values, and says how it ended', async () => {
    const { exitCode, out, error, sent, open } = await run([url]);
    expect({ exitCode, out, error, open }).toEqual({
      exitCode: 0,
      out: [`GET ${expanded}`, 'delivered: HTTP 200 after 12 ms'],
      error: [],
      open: 0,
    });
    expect(sent).toMatchObject([{ method: 'GET', url: expanded }]);
  });

  test('shows the form of a POST, and sends the standing that is asked for', async () => {
    const { out } = await run([url, '--method', 'POST', '--standing', 'reversed']);
    expect(out.slice(0, 2)).toEqual(['POST https://p.example/p', 'form: c=example-aff_click_id&s=reversed&p=1.00']);
  });

  test('prints JSON', async () => {
    const { out } = await run([url, '--json']);
    expect(JSON.parse(out.join('\n'))).toMatchObject({
      request: { url: expanded },
      outcome: { kind: 'delivered', status: 200 },
    });
  });

  test('warns of what the partner would misunderstand, and sends all the same', async () => {
    const { exitCode, error, sent } = await run(['http://p.example/?c={click_id}']);
    expect(exitCode).toBe(0);
    expect(error).toEqual([
      'warning: url: is http, so everybody on the way can read and change it; use https',
      'warning: url: {click_id} is no macro; did you mean {aff_click_id}?',
      'warning: url: has no {aff_click_id}, {aff_sub} or {transaction_id}, so the partner cannot find its click',
    ]);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['http://169.254.169.254/', 'the URL must have a public address, and 169.254.169.254 is not'],
    ['http://localhost:3000/', 'the URL must have a public name, and localhost is not'],
    ['partner.example', 'the URL must be an http or https URL'],
  ])('refuses %s, and sends nothing', async (refused, line) => {
    const { exitCode, error, sent } = await run([refused]);
    expect({ exitCode, error, sent }).toEqual({ exitCode: 2, error: [line], sent: [] });
  });

  test('refuses a method and a standing that do not exist', async () => {
    expect((await run([url, '--method', 'PUT'])).exitCode).toBe(2);
    expect((await run([url, '--standing', 'paid'])).exitCode).toBe(2);
  });

  test.each<[PostbackOutcome, string]>([
    [
      { kind: 'refused', why: 'private-address', ms: 3 },
      'not sent: the name or a redirect leads to an address that is not public, and Keeptrack calls public ones alone',
    ],
    [{ kind: 'failed', why: 'timeout', ms: 10_000 }, 'failed: no answer in time after 10000 ms'],
    [
      { kind: 'failed', why: 'status', status: 503, retryAfterSeconds: 600, ms: 9 },
      'failed: HTTP 503 after 9 ms; the partner asks to wait 10 min',
    ],
  ])('ends with exit code 1 after %j', async (outcome, line) => {
    const { exitCode, out } = await run([url], outcome);
    expect({ exitCode, last: out.at(-1) }).toEqual({ exitCode: 1, last: line });
  });
});
