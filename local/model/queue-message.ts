import type { Chance } from './time.ts';

/** What goes into a queue and what comes out of it, and what SQS takes at all. */

/** `value` is base64 when `dataType` is `Binary` or begins with `Binary.`. */
export interface MessageAttribute {
  readonly dataType: string;
  readonly value: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export interface OutgoingMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  /** Absent = the queue's own delay. */
  readonly delaySeconds?: number;
  /** SQS's `SenderId`: who sent it. */
  readonly senderId?: string;
}

/** A message as it stands in a queue, received or not. */
export interface StandingMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly senderId: string;
  readonly sentAtMs: number;
  /** 0 = never received. */
  readonly receiveCount: number;
  readonly firstReceivedAtMs?: number;
  /** Invisible before. */
  readonly availableAtMs: number;
  /** The queue that gave up on it; only in a dead-letter queue. */
  readonly deadLetterSourceArn?: string;
}

export interface HandedMessage extends StandingMessage {
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number;
  /** Names this receive of the message; a later receive has another one. */
  readonly receipt: string;
}

/** Bytes as SQS counts them for its limit of 1 MiB: body, and each attribute's name, type and value. */
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

/** A lone surrogate is refused too: it is no character, and as UTF-8 it would come back as another one. */
const refused = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * In the body or in the text of an attribute.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, under MessageBody
 */
export function hasRefusedText({ body, attributes = {} }: OutgoingMessage): boolean {
  if (refused.test(body)) return true;
  return Object.values(attributes).some(({ dataType, value }) => !isBinary(dataType) && refused.test(value));
}

/** In the shape of a UUID v4, so that it looks as SQS's do. */
export function mintMessageId(chance: Chance): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(chance() * 256)));
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
