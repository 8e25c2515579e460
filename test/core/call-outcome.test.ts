import { describe, expect, test } from 'vitest';
import { asksForLess, callOutcome } from '../../core/call-outcome.ts';

const meaning = (code: string, status = 400) => callOutcome({ status, code });

describe('what DynamoDB answers', () => {
  test('a condition that does not hold is one answer, by itself and in a transaction', () => {
    expect([meaning('ConditionalCheckFailedException'), meaning('ConditionalCheckFailed')]).toEqual(['unmet', 'unmet']);
  });

  test('of several reasons of a transaction that one counts which time will not change', () => {
    expect(meaning('TransactionConflict+ConditionalCheckFailed')).toBe('unmet');
    expect(meaning('ThrottlingError+TransactionConflict')).toBe('throttled');
    expect(meaning('ValidationError+TransactionConflict')).toBe('unacceptable');
    expect(meaning('TransactionConflict')).toBe('conflict');
  });

  test.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
    '%s asks for less',
    (code) => {
      expect([meaning(code), asksForLess({ status: 400, code })]).toEqual(['throttled', true]);
    },
  );

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'UnrecognizedClientException', 'Whatever'])(
    '%s says nothing about what we asked',
    (code) => {
      expect(meaning(code)).toBe('failing');
    },
  );

  test('no answer and one of a broken service are the same', () => {
    expect([meaning('ENOTFOUND', 0), meaning('Timeout', 0), meaning('InternalServerError', 500)]).toEqual([
      'failing',
      'failing',
      'failing',
    ]);
  });
});

test('S3 asks for less in its own way', () => {
  expect(asksForLess({ status: 503, code: 'SlowDown' })).toBe(true);
  expect(asksForLess({ status: 503, code: 'ServiceUnavailable' })).toBe(false);
});
