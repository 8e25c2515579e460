import { createHash } from 'node:crypto';
import { attributeBytes, isBinary, type MessageAttributes } from './queue-message.ts';

/** MD5 in hexadecimal digits. SQS returns it, so that a sender can check that the body arrived unchanged. */
export function bodyMd5(body: string): string {
  return createHash('md5').update(body, 'utf8').digest('hex');
}

/**
 * Undefined when there are no attributes, because SQS then leaves out the digest.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function attributesMd5(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    hash.update(withLength(Buffer.from(name)));
    hash.update(withLength(Buffer.from(attribute.dataType)));
    hash.update(Buffer.of(isBinary(attribute.dataType) ? 2 : 1));
    hash.update(withLength(attributeBytes(attribute)));
  }
  return hash.digest('hex');
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
