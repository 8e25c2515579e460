import type { SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { attributesMd5, bodyMd5 } from './message-digest.ts';
import { type HandedMessage, isBinary, type MessageAttributes } from './queue-message.ts';

/** A message as Lambda passes it to a function: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function sqsRecord(message: HandedMessage, queueArn: string): SQSRecord {
  const digest = attributesMd5(message.attributes);
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: recordAttributes(message.attributes),
    md5OfBody: bodyMd5(message.body),
    ...(digest === undefined ? {} : { md5OfMessageAttributes: digest }),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function systemAttributes(message: HandedMessage): SQSRecord['attributes'] {
  const { deadLetterSourceArn } = message;
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(deadLetterSourceArn === undefined ? {} : { DeadLetterQueueSourceArn: deadLetterSourceArn }),
  };
}

function recordAttributes(attributes: MessageAttributes): SQSMessageAttributes {
  const result: SQSMessageAttributes = {};
  for (const [name, { dataType, value }] of Object.entries(attributes)) {
    const typed = isBinary(dataType) ? { binaryValue: value } : { stringValue: value };
    result[name] = { ...typed, stringListValues: [], binaryListValues: [], dataType };
  }
  return result;
}
