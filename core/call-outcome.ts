import type { Answer } from './ports.ts';

/**
 * What an answer means, whoever gave it. It is decided here and not in the adapters so that misreading one can be
 * simulated too. The one rule that outages taught: only an answer that speaks of *our content* is final. An ill S3
 * also says 403 and 404 (2017, 2025), so these mean `failing` and the call is worth trying elsewhere or later.
 */
export type CallOutcome =
  /** It is done. */
  | 'done'
  /** A conditional write found the object there: for deterministic keys that is success. */
  | 'exists'
  /** A conditional read found nothing new. */
  | 'unchanged'
  /** The key is not there (reads), though the bucket answers well. */
  | 'missing'
  /** The condition of a write to a table does not hold: nothing was written. */
  | 'unmet'
  /** Another conditional write of the same key, or a transaction over the same items, is under way: ask again at once. */
  | 'conflict'
  /** The service is well and gets too much: ask again, more slowly. S3 says it with a 503, which is `failing`. */
  | 'throttled'
  /** The content itself is refused and always will be. */
  | 'unacceptable'
  /** The service, the way to it or our rights are ill: try elsewhere or later. */
  | 'failing';

const meaningByCode: Readonly<Record<string, CallOutcome>> = {
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
  TransactionConflictException: 'conflict',
  TransactionInProgressException: 'conflict',
  ThrottlingException: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ValidationException: 'unacceptable',
  // Why a transaction was cancelled: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  ConditionalCheckFailed: 'unmet',
  TransactionConflict: 'conflict',
  ThrottlingError: 'throttled',
  ProvisionedThroughputExceeded: 'throttled',
  ValidationError: 'unacceptable',
};

/** Of several reasons for a cancelled transaction the one that says most: what does not hold will not, however slowly we ask. */
const mostTelling: readonly CallOutcome[] = ['unacceptable', 'unmet', 'throttled', 'conflict'];

export function callOutcome(answer: Answer): CallOutcome {
  if (answer.status >= 200 && answer.status < 300) return 'done';
  if (answer.status === 304) return 'unchanged';
  if (answer.status === 0 || answer.status >= 500) return 'failing';
  const meanings = answer.code.split('+').map((code) => meaningByCode[code] ?? 'failing');
  return mostTelling.find((meaning) => meanings.includes(meaning)) ?? meanings[0] ?? 'failing';
}

/** Whether whoever answered asks for fewer calls. */
export function asksForLess(answer: Answer): boolean {
  return answer.code === 'SlowDown' || callOutcome(answer) === 'throttled';
}

/** Whether a write of a deterministically named object left it in place. */
export function isStored(answer: Answer): boolean {
  const meaning = callOutcome(answer);
  return meaning === 'done' || meaning === 'exists';
}

/** Whether a send was taken. */
export function isTaken(answer: Answer): boolean {
  return callOutcome(answer) === 'done';
}

/** For a person: `503 SlowDown`, or why no answer came. */
export function answerText({ status, code }: Answer): string {
  if (status === 0) return code === 'Timeout' ? 'no answer in time' : code;
  return `${status} ${code}`.trim();
}
