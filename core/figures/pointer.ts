import { isLaterVersion } from '../event/event.ts';
import { type LogKey, logKey, parseLogKey } from '../log/log-key.ts';
import { parseObject } from '../parse-json.ts';

/** A message of the stats failure queue: the key of a segment in the home bucket that is not counted yet. */
export function encodePointer(key: LogKey): string {
  return JSON.stringify({ v: 1, key: logKey(key) });
}

export type DecodedPointer =
  | { readonly kind: 'pointer'; readonly key: LogKey }
  /** A later release wrote the message. It has to wait for a reader of that release. */
  | { readonly kind: 'later' }
  | { readonly kind: 'poison'; readonly reason: 'bad-pointer' | 'unknown-version' | 'bad-key' };

export function decodePointer(body: string): DecodedPointer {
  const fields = parseObject(body);
  if (!fields) return { kind: 'poison', reason: 'bad-pointer' };
  if (isLaterVersion(fields['v'])) return { kind: 'later' };
  if (fields['v'] !== 1) return { kind: 'poison', reason: 'unknown-version' };
  const key = typeof fields['key'] === 'string' ? parseLogKey(fields['key']) : undefined;
  return key ? { kind: 'pointer', key } : { kind: 'poison', reason: 'bad-key' };
}
