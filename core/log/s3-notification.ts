import { parseObject } from '../parse-json.ts';
import { type LogKey, parseLogKey } from './log-key.ts';

export type S3Notification =
  /** The segments that were written. Empty for other notifications, such as the test message of a new configuration. */
  | { readonly kind: 'segments'; readonly keys: readonly LogKey[] }
  | { readonly kind: 'poison'; readonly reason: 'bad-notification' };

const poison: S3Notification = { kind: 'poison', reason: 'bad-notification' };

/**
 * Reads the message that S3 sends to a queue when objects were created. One message may hold several records.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function parseS3Notification(body: string): S3Notification {
  const message = parseObject(body);
  if (!message) return poison;
  if (message['Event'] === 's3:TestEvent') return { kind: 'segments', keys: [] };
  const records: unknown = message['Records'];
  if (!Array.isArray(records)) return poison;
  const keys = records.map(keyOf);
  return keys.includes(undefined) ? poison : { kind: 'segments', keys: keys.flatMap((key) => segmentsAt(key ?? '')) };
}

/** Undefined when the value is no record. Empty when the record tells of no new object. */
function keyOf(record: unknown): string | undefined {
  const { eventName, s3 } = (record ?? {}) as { eventName?: unknown; s3?: { object?: { key?: unknown } } };
  if (typeof eventName !== 'string') return undefined;
  if (!eventName.startsWith('ObjectCreated:')) return '';
  const key = s3?.object?.key;
  return typeof key === 'string' ? decoded(key) : undefined;
}

/** S3 encodes keys like form fields: `=` as `%3D`, a space as `+`. */
function decoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function segmentsAt(key: string): readonly LogKey[] {
  const parsed = parseLogKey(key);
  return parsed ? [parsed] : [];
}
