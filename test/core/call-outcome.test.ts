import { describe, expect, test } from 'vitest';
import { answerText, asksForLess, callOutcome, isOvertaken } from '../../core/call-outcome.ts';

const outcomeOf = (code: string, status = 400) => callOutcome({ status, code });

describe('what DynamoDB answers', () => {
  test('a condition that does not hold is unmet', () => {
    expect(outcomeOf('ConditionalCheckFailedException')).toBe('unmet');
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

test.each([
  [412, 'PreconditionFailed', true],
  [404, 'NoSuchKey', true],
  [409, 'ConditionalRequestConflict', true],
  [404, 'NoSuchBucket', false],
  [403, 'AccessDenied', false],
  [503, 'SlowDown', false],
  [0, 'Timeout', false],
])('after %i %s of a compare-and-swap another writer was faster: %s', (status, code, expected) => {
  expect(isOvertaken({ status, code })).toBe(expected);
});

test('an answer in words says what to do without credentials', () => {
  expect(answerText({ status: 503, code: 'SlowDown' })).toBe('503 SlowDown');
  expect(answerText({ status: 0, code: 'Timeout' })).toBe('no answer in time');
  expect(answerText({ status: 0, code: 'ECONNRESET' })).toBe('ECONNRESET');
  expect(answerText({ status: 0, code: 'CredentialsProviderError' })).toBe(
    'no AWS credentials; give --local for the local cloud',
  );
});

test('S3 asks for less in its own way', () => {
  expect(asksForLess({ status: 503, code: 'SlowDown' })).toBe(true);
  expect(asksForLess({ status: 503, code: 'ServiceUnavailable' })).toBe(false);
});
