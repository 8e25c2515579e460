export interface SqsError {
  readonly status: number;
  /** The code of the older Query protocol. The JSON protocol repeats it in a header. */
  readonly code: string;
  /** The `__type` of the answer. */
  readonly type: string;
  readonly message: string;
}

/** Shapes: the service model of SQS (2012-11-05); https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
const kinds = {
  QueueDoesNotExist: sqs(400, 'AWS.SimpleQueueService.NonExistentQueue'),
  InvalidAddress: sqs(404, 'InvalidAddress'),
  InvalidAttributeName: sqs(400, 'InvalidAttributeName'),
  InvalidMessageContents: sqs(400, 'InvalidMessageContents'),
  ReceiptHandleIsInvalid: sqs(404, 'ReceiptHandleIsInvalid'),
  MessageNotInflight: sqs(400, 'AWS.SimpleQueueService.MessageNotInflight'),
  OverLimit: sqs(403, 'OverLimit'),
  UnsupportedOperation: sqs(400, 'AWS.SimpleQueueService.UnsupportedOperation'),
  EmptyBatchRequest: sqs(400, 'AWS.SimpleQueueService.EmptyBatchRequest'),
  TooManyEntriesInBatchRequest: sqs(400, 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest'),
  BatchEntryIdsNotDistinct: sqs(400, 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct'),
  InvalidBatchEntryId: sqs(400, 'AWS.SimpleQueueService.InvalidBatchEntryId'),
  InvalidParameterValue: coral(400, 'InvalidParameterValue', 'InvalidParameterValueException'),
  MissingParameter: coral(400, 'MissingParameter', 'MissingRequiredParameterException'),
  UnknownOperation: coral(400, 'InvalidAction', 'UnknownOperationException'),
  Serialization: coral(400, 'MalformedInput', 'SerializationException'),
} as const;

export type SqsErrorKind = keyof typeof kinds;

export function sqsError(kind: SqsErrorKind, message: string): SqsError {
  const { status, code, namespace, shape } = kinds[kind];
  return { status, code, type: `${namespace}#${shape ?? kind}`, message };
}

/** An error from outside this service, such as a fault's. A code that SQS does not know stays as it is. */
export function foreignError(status: number, code: string, message: string): SqsError {
  return { status, code, type: `com.amazonaws.sqs#${code}`, message };
}

function sqs(status: number, code: string) {
  return { status, code, namespace: 'com.amazonaws.sqs', shape: undefined };
}

function coral(status: number, code: string, shape: string) {
  return { status, code, namespace: 'com.amazon.coral.service', shape };
}
