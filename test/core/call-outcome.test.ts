import { describe, expect, test } from 'vitest';
import { asksForLess, callOutcome } from '../../core/call-outcome.ts';

const outcomeOf = (code: string, status = 400) => callOutcome({ status, code });

describe('what DynamoDB answers', () => {
  test('an unmet condition has the same outcome by itself and in a transaction', () => {
    expect([outcomeOf('ConditionalCheckFailedException'), outcomeOf('ConditionalCheckFailed')]).toEqual([
      'unmet',
      'unmet',
    ]);
  });

  test('of several reasons for a cancelled transaction the one that a retry cannot change decides', () => {
    expect(outcomeOf('TransactionConflict+ConditionalCheckFailed')).toBe('unmet');
    expect(outcomeOf('ThrottlingError+TransactionConflict')).toBe('throttled');
    expect(outcomeOf('ValidationError+TransactionConflict')).toBe('unacceptable');
    expect(outcomeOf('TransactionConflict')).toBe('conflict');
  });

  test.each(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'])(
    '%s asks for less',
    (code) => {
      expect([outcomeOf(code), asksForLess({ status: 400, code })]).toEqual(['throttled', true]);
    },
  );

  test.each(['AccessDeniedException', 'ResourceNotFoundException', 'UnrecognizedClientException', 'Whatever'])(
    '%s means that the service fails, and not that the content is wrong',
    (code) => {
      expect(outcomeOf(code)).toBe('failing');
    },
  );

  test('no answer and an answer of 500 have the same outcome', () => {
    expect([outcomeOf('ENOTFOUND', 0), outcomeOf('Timeout', 0), outcomeOf('InternalServerError', 500)]).toEqual([
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
