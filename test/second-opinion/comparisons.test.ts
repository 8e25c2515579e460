import { describe, expect, test } from 'vitest';
import { failuresIn } from '../../second-opinion/contract.ts';
import { fieldDifferences } from '../../second-opinion/deployed.ts';
import { complaintsIn } from '../../second-opinion/moto.ts';
import { type Answer, figureDifferences, Visits } from '../../second-opinion/visits.ts';

describe('figures', () => {
  const answer = (path: string): Answer => {
    const status = path.startsWith('/aff_c?') ? 302 : 200;
    return { status, location: 'https://shop.example.com/?tid=t1', captured: 'intake-home', body: '' };
  };
  const send = async (path: string) => answer(path);

  test('of a round are counted as it is sent', async () => {
    const visits = new Visits();
    await visits.round(send, send);
    const sale = visits.figures.get('offer 1500, affiliate 1001');
    expect(sale).toMatchObject({ clicks: 2, unique_clicks: 1, approved: 1, duplicates: 1, payout: 3_000_000 });
    expect(visits.figures.get('offer 488, affiliate 10001')).toMatchObject({ approved: 2, payout: 7_440_000 });
    expect(visits.requests).toBe(12);
  });

  test('that lack a row, have one more, or are wrong are named', async () => {
    const visits = new Visits();
    await visits.round(send, send);
    const found = new Map(visits.figures);
    expect(figureDifferences('us-east-1', visits.figures, found)).toEqual([]);
    const banner = 'offer 480, affiliate 48001';
    const clicks = found.get('offer 1323, affiliate 2001');
    if (clicks) found.set('offer 1323, affiliate 2001', { ...clicks, clicks: 4 });
    found.delete(banner);
    expect(figureDifferences('us-east-1', visits.figures, found)).toEqual([
      'us-east-1: offer 1323, affiliate 2001: clicks is 4, and 3 was sent',
      `us-east-1: ${banner}: impressions is 0, and 2 was sent`,
      `us-east-1: ${banner}: payout is 0, and 3500 was sent`,
      `us-east-1: ${banner}: revenue is 0, and 4800 was sent`,
    ]);
  });

  test('are not counted when no rung took a click', async () => {
    const unconfirmed = async (path: string) => ({ ...answer(path), captured: 'unconfirmed' });
    await expect(new Visits().round(unconfirmed, send)).rejects.toThrow('rung "unconfirmed"');
  });
});

describe('settings of a resource', () => {
  test('are the same when only the order of keys in a policy differs', () => {
    expect(fieldDifferences('queue', { policy: '{"a":1,"b":2}' }, { policy: '{"b":2,"a":1}' })).toEqual([]);
    expect(fieldDifferences('queue', { env: { a: '1' } }, { env: { a: '1' }, more: 1 })).toEqual([]);
  });

  test('that differ or are missing are named without their values, which can be keys', () => {
    expect(fieldDifferences('track', { env: { KEY: 'secret' }, memory: 1 }, { env: {} })).toEqual([
      'track: env is not what the template says',
      'track: memory is not what the template says',
    ]);
  });
});

describe('what a server says', () => {
  test('of what it left out, and of its own errors, is kept once', () => {
    const traceback = 'Traceback (most recent call last):\n  File "a.py", line 1, in b\n    c()\nKeyError: "d"\n';
    const output = `left out: one\n127.0.0.1 - - "GET /" 200 -\n${traceback}left out: one\n${traceback}`;
    expect(complaintsIn(output)).toEqual(['left out: one', 'error in moto: KeyError: "d"']);
  });

  test('in a report of vitest is one difference for each test that failed', () => {
    const tests = [
      { fullName: 'rules one', status: 'passed' },
      { fullName: 'rules two', status: 'failed' },
    ];
    const testResults = [
      { name: '/p/test/contract/s3.test.ts', message: '', assertionResults: tests },
      { name: '/p/test/contract/sqs.test.ts', message: 'no server\nat x', assertionResults: [] },
    ];
    expect(failuresIn('moto', JSON.stringify({ numTotalTests: 2, testResults }))).toEqual({
      tests: 2,
      failed: ['moto: s3: rules two', 'moto: sqs: no server'],
    });
  });
});
