import { describe, expect, test } from 'vitest';
import type { EventFields } from '../../../core/event/event.ts';
import { limits } from '../../../core/limits/limits.ts';
import { captured, catalogFrom, nowMs } from './ask.ts';

const token = '2f5d1c0a9be84c6e8d7a3b1f60c2e495';
const marketToken = '9b0e4d7c52f1436aa8c3e6d10f7b2a84';

function transactionOf(link: string): string {
  return String(captured(link).fields['txn']);
}

const txn = {
  card: transactionOf('/aff_c?offer_id=10&aff_id=1001'),
  /** Its advertiser has a token, and its conversions wait for approval, but those of goal 1. */
  policy: transactionOf('/aff_c?offer_id=600&aff_id=1001'),
  /** Its advertiser has a list of addresses. */
  contract: transactionOf('/aff_c?offer_id=601&aff_id=1001'),
  nobodys: transactionOf('/aff_c?offer_id=601&aff_id=666'),
};

function outcome(query: string, ip = '203.0.113.7'): EventFields {
  const { fields } = captured(`/aff_lsr?${query}`, { ip });
  const { status, reason, pending_for } = fields;
  return JSON.parse(JSON.stringify({ status, reason, pending_for }));
}

describe('a postback of an advertiser with a security token', () => {
  const quote = `transaction_id=${txn.policy}&goal_id=1`;

  test.each(['', '%20', '%0A'])('counts with the token, also with a blank after it: "%s"', (blank) => {
    expect(outcome(`${quote}&security_token=${token}${blank}`)).toEqual({ status: 'approved' });
  });

  test.each([
    ['security-token-missing', ''],
    ['security-token-missing', '&security_token='],
    ['security-token-wrong', `&security_token=${token.slice(1)}`],
    ['security-token-wrong', `&security_token=${token.toUpperCase()}`],
    ['security-token-wrong', '&security_token={token}'],
  ])('is recorded as rejected: %s', (reason, query) => {
    expect(outcome(quote + query)).toEqual({ status: 'rejected', reason });
  });

  test('stays rejected without the token, whatever its goal, status or test mark', () => {
    const wrong = { status: 'rejected', reason: 'security-token-missing' };
    for (const more of ['&goal_id=99', '&status=approved', '&status=2', '&test=1', '&amount=x'])
      expect(outcome(quote + more)).toEqual(wrong);
  });

  test.each(['security_token', 'SECURITY_TOKEN', 'Security%5FToken'])(
    'keeps only a part of the hash of the token in %s',
    (name) => {
      const { fields } = captured(`/aff_lsr?${quote}&${name}=${token}`);
      expect(JSON.stringify(fields)).not.toContain(token);
      expect(fields['security_token_hash']).toMatch(/^[0-9a-f]{16}$/);
    },
  );
});

describe('a postback of an advertiser with a list of addresses', () => {
  const query = `transaction_id=${txn.contract}`;

  test.each(['192.0.2.10', '198.51.100.200', '2001:db8:5::1', '2001:DB8:5:ffff::1', '::ffff:192.0.2.10'])(
    'counts from %s',
    (ip) => {
      expect(outcome(query, ip)).toEqual({ status: 'approved' });
    },
  );

  test.each(['192.0.2.11', '198.51.101.1', '2001:db8:6::1', '', 'unknown'])('is rejected from "%s"', (ip) => {
    expect(outcome(query, ip)).toEqual({ status: 'rejected', reason: 'ip-not-allowed' });
  });

  test('is judged by its caller’s address, whatever address it claims and however little is kept', () => {
    const claimed = `${query}&conv_ip=192.0.2.10`;
    expect(outcome(claimed)).toMatchObject({ reason: 'ip-not-allowed' });
    const privacy = { clientAddress: 'none', userAgent: 'none' } as const;
    const { fields } = captured(`/aff_lsr?${query}`, { ip: '192.0.2.10' }, { privacy });
    expect(fields).toMatchObject({ status: 'approved' });
  });

  test('is rejected for its sender’s address before it is judged by its click', () => {
    const nobodys = `transaction_id=${txn.nobodys}`;
    expect(outcome(nobodys)).toMatchObject({ reason: 'ip-not-allowed' });
    expect(outcome(nobodys, '192.0.2.10')).toMatchObject({ status: 'rejected', reason: 'click-not-credited' });
  });
});

describe('a posted status', () => {
  const query = `transaction_id=${txn.card}`;

  test.each([
    ['approved', { status: 'approved' }],
    ['pending', { status: 'pending', pending_for: 'pending-by-advertiser' }],
    ['rejected', { status: 'rejected', reason: 'rejected-by-advertiser' }],
    ['', { status: 'approved' }],
  ])('%s decides, and is recorded', (posted, expected) => {
    expect(outcome(`${query}&status=${posted}`)).toEqual(expected);
    const { fields } = captured(`/aff_lsr?${query}&status=${posted}`);
    expect(fields['posted_status'] ?? '').toBe(posted);
    expect(fields).not.toHaveProperty('posted_status_given');
  });

  test.each([
    ['rejected', ['Rejected', 'REJECTED', 'rejected%20', '%09rejected%0A', 'declined', 'canceled', 'Cancelled']],
    ['rejected', ['reversed', 'refunded', 'not%20allowed', 'NOT_ALLOWED', 'Trash', 'fraud', 'returned', 'invalid']],
    ['pending', ['Pending', 'PENDING', 'on-hold', 'On%20Hold', 'on_hold', 'hold', 'lead', 'wait', 'new']],
    ['approved', ['Approved', 'APPROVED', '%C2%A0approved', 'confirmed', 'sale', 'rebill', 'approve']],
  ])('of another system or in another case means %s', (status, words) => {
    for (const word of words) {
      const { fields } = captured(`/aff_lsr?${query}&status=${word}`);
      expect(fields).toMatchObject({ status, posted_status: status });
      expect(fields).toHaveProperty('posted_status_given');
    }
  });

  test.each(['2', '0', '1', 'ok!', '{status}', '[order-status]', 'APROVED'])(
    'that is unclear waits for a person: %s',
    (word) => {
      expect(outcome(`${query}&status=${word}`)).toEqual({ status: 'pending', pending_for: 'status-unknown' });
      const { fields } = captured(`/aff_lsr?${query}&status=${word}`);
      expect(fields['posted_status_given']).toBe(word);
      expect(fields).not.toHaveProperty('posted_status');
    },
  );

  test.each(['Status=rejected', '%20status=rejected', 'status[]=rejected', 'STATUS=declined'])(
    'is read from a parameter name in another spelling: %s',
    (posted) => {
      expect(outcome(`${query}&${posted}`)).toEqual({ status: 'rejected', reason: 'rejected-by-advertiser' });
    },
  );

  test('that is nested waits for a person', () => {
    const body = `{"transaction_id":"${txn.card}","status":{"code":"rejected"}}`;
    const { fields } = captured('/aff_lsr', { method: 'POST', body, contentType: 'application/json' });
    expect(fields).toMatchObject({ status: 'pending', pending_for: 'status-unknown' });
  });

  test('is read by the advertiser’s own words before the usual ones', () => {
    const market = transactionOf('/aff_c?offer_id=700&aff_id=1001');
    const own = `transaction_id=${market}&security_token=${marketToken}&amount=10`;
    const statusOf = (word: string) => captured(`/aff_lsr?${own}&status=${word}`).fields['status'];
    expect(['1', '2', '3', 'Storno ', 'declined', '4'].map(statusOf)).toEqual([
      'approved',
      'pending',
      'rejected',
      'rejected',
      'rejected',
      'pending',
    ]);
  });

  test('does not approve a conversion that its offer wants a person to approve', () => {
    const waiting = `transaction_id=${txn.policy}&security_token=${token}&status=approved`;
    expect(outcome(waiting)).toEqual({ status: 'pending', pending_for: 'approval' });
  });
});

describe('the sender of a postback', () => {
  const senderOf = (query: string, ip?: string) => captured(`/aff_lsr?${query}`, ip ? { ip } : {}).fields['sender'];

  test('is proven by a right token or address, and unproven where the catalog asks for neither', () => {
    expect(senderOf(`transaction_id=${txn.policy}&security_token=${token}`)).toBe('proven');
    expect(senderOf(`transaction_id=${txn.contract}`, '192.0.2.10')).toBe('proven');
    expect(senderOf(`transaction_id=${txn.card}`)).toBe('unproven');
    expect(senderOf(`transaction_id=${txn.card}&security_token=${token}`)).toBe('unproven');
  });

  test('is neither when it was refused, or when nobody knows whose conversion it reports', () => {
    expect(senderOf(`transaction_id=${txn.policy}&security_token=${token.slice(1)}`)).toBeUndefined();
    expect(senderOf(`transaction_id=${txn.contract}`)).toBeUndefined();
    expect(senderOf(`transaction_id=x&adv_id=4&security_token=${token}`)).toBeUndefined();
  });

  test('proves nothing by an address in a network that holds half of the internet', () => {
    const yaml = `network: { name: N }
advertisers: [{ id: 1, name: A, ip_whitelist: [0.0.0.0/1, 128.0.0.0/1] }]
affiliates: [{ id: 7, name: one }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 2 }]`;
    const context = { catalog: catalogFrom(yaml) };
    const clicked = captured('/aff_c?offer_id=1&aff_id=7', {}, context).fields['txn'];
    const { fields } = captured(`/aff_lsr?transaction_id=${clicked}`, {}, context);
    expect(fields).toMatchObject({ status: 'approved', sender: 'unproven' });
  });
});

test('what waits for approval waits for that, even when its amount is missing too', () => {
  const yaml = `network: { name: N }
advertisers: [{ id: 1, name: A, ip_whitelist: [203.0.113.7] }]
affiliates: [{ id: 7, name: one }]
offers: [{ id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout_type: cpa_percentage, payout_percent: 5, revenue: 2, approve_conversions: true }]`;
  const context = { catalog: catalogFrom(yaml) };
  const clicked = captured('/aff_c?offer_id=1&aff_id=7', {}, context).fields['txn'];
  const waitsFor = (query: string) =>
    captured(`/aff_lsr?transaction_id=${clicked}${query}`, {}, context).fields['pending_for'];
  expect(waitsFor('')).toBe('approval');
  expect(waitsFor('&test=maybe')).toBe('test-unclear');
});

describe('an offer with a session', () => {
  const catalog = catalogFrom(`network: { name: N }
advertisers: [{ id: 1, name: A, ip_whitelist: [203.0.113.7] }]
affiliates: [{ id: 7, name: one }]
offers:
  - { id: 1, name: o, advertiser_id: 1, offer_url: "https://a.example/", payout: 1, revenue: 2, session_hours: 2, min_seconds_to_conversion: 5, goals: [{ id: 5, name: g }] }`);
  const clickedMs = Math.floor(nowMs / 1_000) * 1_000;
  const clicked = captured('/aff_c?offer_id=1&aff_id=7', {}, { catalog, nowMs: clickedMs + 999 }).fields['txn'];
  const reported = (seconds: number, query = '', ip = '203.0.113.7') => {
    const { status, reason, pending_for } = captured(
      `/aff_lsr?transaction_id=${clicked}${query}`,
      { ip },
      { catalog, nowMs: clickedMs + seconds * 1_000 },
    ).fields;
    return [status, reason ?? pending_for];
  };

  test('takes conversions between its two ends only, also of goals', () => {
    for (const query of ['', '&goal_id=5']) {
      expect(reported(4.999, query)).toEqual(['rejected', 'too-soon']);
      expect(reported(5, query)).toEqual(['approved', undefined]);
      expect(reported(7_200, query)).toEqual(['approved', undefined]);
      expect(reported(7_200.001, query)).toEqual(['rejected', 'click-expired']);
    }
    expect(reported(-3)).toEqual(['rejected', 'too-soon']);
  });

  test('hears the advertiser’s rejection at any time', () => {
    for (const seconds of [1, 10_000])
      expect(reported(seconds, '&status=rejected')).toEqual(['rejected', 'rejected-by-advertiser']);
  });

  test('refuses a wrong sender first', () => {
    expect(reported(10_000, '', '192.0.2.1')).toEqual(['rejected', 'ip-not-allowed']);
  });

  test('says on a late report what it would wait for, so that it can go on with an earlier one', () => {
    const line = (query: string) =>
      captured(`/aff_lsr?transaction_id=${clicked}${query}`, {}, { catalog, nowMs: clickedMs + 9e6 }).fields;
    expect(line('&status=approved')).toMatchObject({ reason: 'click-expired', posted_status: 'approved' });
    expect(line('&status=approved')).not.toHaveProperty('pending_for');
    expect(line('&goal_id=6')).toMatchObject({ reason: 'click-expired', pending_for: 'goal-unknown' });
  });
});

describe('a conversion of an old click', () => {
  const dayMs = 86_400_000;
  const { clickAgeDaysMax } = limits.figures;
  const reportedAfter = (days: number, query = '') => {
    const clickedMs = Math.floor(nowMs / 1_000) * 1_000;
    const { fields } = captured(`/aff_lsr?transaction_id=${txn.card}${query}`, {}, { nowMs: clickedMs + days * dayMs });
    return [fields['status'], fields['pending_for'] ?? fields['reason']];
  };

  test('counts until the click is as old as the index remembers conversions', () => {
    expect(reportedAfter(clickAgeDaysMax)).toEqual(['approved', undefined]);
    expect(reportedAfter(clickAgeDaysMax + 1 / dayMs)).toEqual(['pending', 'click-too-old']);
    expect(reportedAfter(1_000)).toEqual(['pending', 'click-too-old']);
  });

  test('waits whatever status is posted, but for one that rejects it without proof', () => {
    expect(reportedAfter(100, '&status=approved')).toEqual(['pending', 'click-too-old']);
    expect(reportedAfter(100, '&status=pending')).toEqual(['pending', 'click-too-old']);
    expect(reportedAfter(100, '&status=rejected')).toEqual(['rejected', 'rejected-by-advertiser']);
  });

  test('waits also when its advertiser rejects it, because the approval that this takes back may be forgotten', () => {
    const rejectedAfter = (days: number) => {
      const query = `transaction_id=${txn.contract}&status=rejected`;
      const { fields } = captured(`/aff_lsr?${query}`, { ip: '192.0.2.10' }, { nowMs: nowMs + days * dayMs });
      return [fields['status'], fields['pending_for'] ?? fields['reason'], fields['posted_status']];
    };
    expect(rejectedAfter(clickAgeDaysMax - 1)).toEqual(['rejected', 'rejected-by-advertiser', 'rejected']);
    expect(rejectedAfter(clickAgeDaysMax + 1)).toEqual(['pending', 'click-too-old', 'rejected']);
  });

  test('counts when the clocks of two regions differ and the click seems to be of tomorrow', () => {
    expect(reportedAfter(-1)).toEqual(['approved', undefined]);
  });
});

test('only tests are marked as tests', () => {
  const marked = (test: string) => captured(`/aff_lsr?transaction_id=${txn.card}&test=${test}`).fields['test'];
  const tests = ['1', 'true', 'TRUE', 'True%20', 'yes', 'on'];
  expect(tests.map(marked)).toEqual(tests.map(() => true));
  for (const no of ['0', '', 'no', 'FALSE', '%20']) {
    expect(marked(no)).toBeUndefined();
    expect(outcome(`transaction_id=${txn.card}&test=${no}`)).toEqual({ status: 'approved' });
  }
});

test('a conversion that may be a test is pending, and a person decides', () => {
  expect(outcome(`transaction_id=${txn.card}&test={test}`)).toEqual({ status: 'pending', pending_for: 'test-unclear' });
  expect(captured(`/aff_lsr?transaction_id=${txn.card}&test={test}`).fields['test_given']).toBe('{test}');
});
