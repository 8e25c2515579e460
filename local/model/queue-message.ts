import type { Chance } from './time.ts';

/** The messages of SQS: their shapes, and what SQS refuses. */

/** `value` is base64 when `dataType` is `Binary` or begins with `Binary.`. */
export interface MessageAttribute {
  readonly dataType: string;
  readonly value: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  /** Absent = the delay of the queue. */
  readonly delaySeconds?: number;
  /** SQS's `SenderId`. */
  readonly senderId?: string;
}

/** A message in a queue, received or not. */
export interface StandingMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly sentAtMs: number;
  /** 0 = never received. */
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number;
  /** The message is invisible before this time. */
  readonly availableAtMs: number;
  /** The queue that the message came from; only in a dead-letter queue. */
  readonly deadLetterSourceArn?: string;
}

export interface HandedMessage extends StandingMessage {
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number;
  /** Names this receive of the message. A later receive has another receipt. */
  readonly receipt: string;
}

/** SQS counts the body, and each attribute's name, type and value, for its limit of 1 MiB. */
export function messageBytes({ body, attributes = {} }: OutgoingMessage): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, attribute] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.dataType) + attributeBytes(attribute).length;
  }
  return bytes;
}

export function attributeBytes({ dataType, value }: MessageAttribute): Buffer {
  return Buffer.from(value, isBinary(dataType) ? 'base64' : 'utf8');
}

export function isBinary(dataType: string): boolean {
  return dataType === 'Binary' || dataType.startsWith('Binary.');
}

/** The model also refuses a lone surrogate. It is no character, and UTF-8 would return another one in its place. */
const refused = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * Looks at the body and at the text of attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, under MessageBody
 */
export function hasRefusedText({ body, attributes = {} }: OutgoingMessage): boolean {
  if (refused.test(body)) return true;
  return Object.values(attributes).some(({ dataType, value }) => !isBinary(dataType) && refused.test(value));
}

/** A UUID v4, as SQS's ids look. */
export function mintMessageId(chance: Chance): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(chance() * 256)));
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
