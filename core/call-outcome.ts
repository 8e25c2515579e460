import type { Answer } from './ports.ts';

/**
 * What the answer of S3, SQS or DynamoDB means for the caller. The core decides this and not the adapters, so that the
 * simulation covers it too. Only an answer about *our own content* is final. A broken S3 has also answered 403 and 404
 * (in 2017 and 2025), so these mean `failing`: the call is worth trying elsewhere or later.
 */
export type CallOutcome =
  /** The call succeeded. */
  | 'done'
  /** A conditional write found another object there. For a deterministic key that is success. */
  | 'exists'
  /** A conditional read found the version that the caller has. */
  | 'unchanged'
  /** A read found nothing under the key. The bucket itself works. */
  | 'missing'
  /** The condition of a write to a table does not hold: nothing was written. */
  | 'unmet'
  /** Another conditional write of the same key is under way: try again at once. */
  | 'conflict'
  /** The service works and gets too many calls: try again, more slowly. S3's 503 for this is `failing`. */
  | 'throttled'
  /** The service refuses this content and always will. */
  | 'unacceptable'
  /** The service, the network or our permissions fail: try elsewhere or later. */
  | 'failing';

const outcomeByCode: Readonly<Record<string, CallOutcome>> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
  PreconditionFailed: 'exists',
  ConditionalRequestConflict: 'conflict',
  NoSuchKey: 'missing',
  EntityTooLarge: 'unacceptable',
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  InvalidMessageContents: 'unacceptable',
  BatchRequestTooLong: 'unacceptable',
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
  ConditionalCheckFailedException: 'unmet',
  ThrottlingException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ValidationException: 'unacceptable',
};

export function callOutcome(answer: Answer): CallOutcome {
  if (answer.status >= 200 && answer.status < 300) return 'done';
  if (answer.status === 304) return 'unchanged';
  if (answer.status === 0 || answer.status >= 500) return 'failing';
  return outcomeByCode[answer.code] ?? 'failing';
}

/** Whether the service asks for fewer calls. */
export function asksForLess(answer: Answer): boolean {
  return answer.code === 'SlowDown' || callOutcome(answer) === 'throttled';
}

/** Whether the object is in place after a write under a deterministic key. */
export function isStored(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome === 'done' || outcome === 'exists';
}

/**
 * Whether another writer replaced or deleted the object before this `Bucket.replace`. After a call without an answer
 * the other writer can be the caller itself.
 */
export function isOvertaken(answer: Answer): boolean {
  const outcome = callOutcome(answer);
  return outcome === 'exists' || outcome === 'missing' || outcome === 'conflict';
}

/** Whether a queue took the message. */
export function isTaken(answer: Answer): boolean {
  return callOutcome(answer) === 'done';
}

/** The answer in words for a person: `503 SlowDown`, or why no answer came. */
export function answerText({ status, code }: Answer): string {
  if (status === 0) return textsOfCodes[code] ?? code;
  return `${status} ${code}`.trim();
}

const textsOfCodes: Readonly<Record<string, string>> = {
  Timeout: 'no answer in time',
  CredentialsProviderError: 'no AWS credentials; give --local for the local cloud',
};
