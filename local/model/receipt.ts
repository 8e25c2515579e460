/** The contents of a receipt handle: which receive of which message of which queue. Callers must not read it. */
export interface Receipt {
  readonly queueArn: string;
  readonly id: string;
  /** Counts all receives of that queue. */
  readonly receive: number;
}

/**
 * In base64 these are 412 characters, as long as the handles that SQS gives. The length decides how many messages fit
 * into a payload. SQS only says that a handle has at most 1,024 characters:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
 */
const receiptBytes = 309;

export function encodeReceipt({ queueArn, id, receive }: Receipt): string {
  return Buffer.from(`${queueArn} ${id} ${receive}`.padEnd(receiptBytes)).toString('base64');
}

export function decodeReceipt(text: string): Receipt | undefined {
  const [queueArn, id, receive, ...rest] = Buffer.from(text, 'base64').toString().trimEnd().split(' ');
  if (queueArn === undefined || id === undefined || receive === undefined || rest.length > 0) return undefined;
  return { queueArn, id, receive: Number(receive) };
}
