import type { SQSRecord } from 'aws-lambda';
import type { HandedMessage } from './queue-message.ts';
import { sqsRecord } from './sqs-record.ts';

/**
 * Lambda's limit for the payload of an invocation. Some 3,900 to 4,085 events of 600 bytes fit, because a record adds as
 * much again to its body: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const payloadBytesMax = 6 * 1024 * 1024;
const envelopeBytes = '{"Records":[]}'.length;

/** Messages for one invocation, limited by their number and by the bytes of the payload. */
export class Batch {
  readonly messages: HandedMessage[] = [];
  readonly records: SQSRecord[] = [];
  readonly #countMax: number;
  readonly #queueArn: string;
  #bytes = envelopeBytes;
  #isClosed = false;

  constructor(countMax: number, queueArn: string) {
    this.#countMax = countMax;
    this.#queueArn = queueArn;
  }

  /** How many more messages fit; 0 when the batch is full. */
  get room(): number {
    return this.#isClosed ? 0 : this.#countMax - this.messages.length;
  }

  /** Returns the messages that did not fit. The batch is full from then on. */
  add(messages: readonly HandedMessage[]): readonly HandedMessage[] {
    return messages.filter((message) => !this.#take(message));
  }

  #take(message: HandedMessage): boolean {
    const record = sqsRecord(message, this.#queueArn);
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    if (this.room === 0 || this.#bytes + bytes > payloadBytesMax) {
      this.#isClosed = true;
      return false;
    }
    this.messages.push(message);
    this.records.push(record);
    this.#bytes += bytes;
    return true;
  }
}
