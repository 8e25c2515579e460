import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { postbackKey } from '../../../core/keys/postback-key.ts';
import { captured, keys, nowMs } from './ask.ts';

const token = '2f5d1c0a9be84c6e8d7a3b1f60c2e495';
const otherToken = '9b0e4d7c52f1436aa8c3e6d10f7b2a84';
const listed = '192.0.2.10';

function clicked(offerId: number, affiliateId = 1_001): string {
  return String(captured(`/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`).fields['txn']);
}

/** Its advertiser has a token. */
const policy = clicked(600);
const changed = `${policy.slice(0, 20)}${policy[20] === 'A' ? 'B' : 'A'}${policy.slice(21)}`;
const truncated = policy.slice(0, 20);

function bodyOf(query: string, ip = '203.0.113.7'): string {
  const { reply } = captured(`/aff_lsr?${query}`, { ip });
  expect(reply).toMatchObject({
    status: 200,
    headers: { 'content-type': expect.stringMatching(/^(text\/plain|application\/json);/) },
  });
  return reply.body;
}

describe('a sender who proved who it is', () => {
  test.each([
    ['truncated', truncated],
    ['changed', changed],
    ['foreign', '10298d13d02eaed6a0840f08aa2068'],
    ['missing', ''],
  ])('is told of an id that is %s, by any advertiser’s token', (_, id) => {
    for (const right of [token, otherToken])
      expect(bodyOf(`transaction_id=${id}&security_token=${right}`)).toBe(
        `success=false; err_msg=Invalid Trans. ID #${id}.;`,
      );
    const json = JSON.parse(bodyOf(`transaction_id=${id}&security_token=${token}&format=json`));
    expect(json).toEqual({ success: false, error: `Invalid Trans. ID #${id}.` });
  });

  test('is told so too by the proof of the advertiser that adv_id names', () => {
    const told = `success=false; err_msg=Invalid Trans. ID #${truncated}.;`;
    expect(bodyOf(`transaction_id=${truncated}&adv_id=5`, listed)).toBe(told);
    const text = `adv_id=7&timestamp=${Math.floor(nowMs / 1_000)}&transaction_id=${truncated}`;
    const signature = createHmac('sha256', postbackKey(keys.signing, 7, 1))
      .update(text)
      .digest('hex');
    expect(bodyOf(`${text}&signature=${signature}`)).toBe(told);
    expect(bodyOf(`${text}&signature=${'0'.repeat(64)}`)).toBe('success=false; err_msg=Wrong signature.;');
  });

  test('reads back no more of an id than helps, and nothing that ends a message or a line', () => {
    const body = bodyOf(`transaction_id=a%3Bb%0D%0A%3Cscript%3E${'x'.repeat(400)}&security_token=${token}`);
    expect(body).toBe(`success=false; err_msg=Invalid Trans. ID #a%3Bb%0D%0A%3Cscript%3E${'x'.repeat(27)}.;`);
  });

  test('is told of a click that nobody is credited for', () => {
    expect(bodyOf(`transaction_id=${clicked(601, 666)}`, listed)).toBe(
      'success=false; err_msg=Click is credited to no affiliate.;',
    );
  });

  test('reads a success for what was recorded as it wished: approved, pending or rejected', () => {
    const own = `transaction_id=${policy}&security_token=${token}`;
    for (const status of ['approved', 'pending', 'rejected', 'unheard-of', ''])
      expect(bodyOf(`${own}&status=${status}`)).toBe('success=true;');
  });

  test.each([
    ['status=unheard-of', 'status-unknown'],
    ['goal_id=99', 'goal-unknown'],
    ['test=maybe', 'test-unclear'],
    ['amount=-5&goal_id=1', 'amount-negative'],
    ['status=pending', undefined],
    ['', undefined],
  ])('reads in JSON what a better postback would mend: %s', (query, wait) => {
    const json = JSON.parse(bodyOf(`transaction_id=${policy}&security_token=${token}&format=json&${query}`));
    expect(json).toEqual({ success: true, ...(wait && { pending_for: wait }) });
  });
});

describe('everybody else reads the same, whatever was wrong', () => {
  test.each([
    ['no token', `transaction_id=${policy}`],
    ['a wrong token', `transaction_id=${policy}&security_token=x`],
    ['the token of another advertiser', `transaction_id=${policy}&security_token=${otherToken}`],
    ['the hash of a token', `transaction_id=${truncated}&security_token_hash=${token}`],
    ['a truncated id', `transaction_id=${truncated}`],
    ['a changed id', `transaction_id=${changed}&security_token=x`],
    ['no id', ''],
    ['an address that is not listed', `transaction_id=${clicked(601)}`],
    ['the advertiser’s number alone', `transaction_id=${truncated}&adv_id=4`],
    ['the number of an advertiser without a proof', `transaction_id=${truncated}&adv_id=1`],
    ['a click of nobody, and no proof to bring', `transaction_id=${clicked(1_500, 666)}`],
    ['a goal that is unknown', `transaction_id=${clicked(10)}&goal_id=99`],
  ])('with %s', (_, query) => {
    expect(bodyOf(query)).toBe('success=true;');
    expect(bodyOf(`${query}&format=json`)).toBe('{"success":true}');
  });
});
