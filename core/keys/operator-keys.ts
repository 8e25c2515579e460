import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { signedText } from '../conversions/operator-events.ts';
import { compareTexts, type LoggedEvent } from '../event/event.ts';
import { uuidTimeMs } from '../event/uuid.ts';
import { parseObject } from '../parse-json.ts';

/**
 * Operators' keys (Ed25519). The private key is a file of one operator. The public keys are one object in both log
 * buckets, which only the operator's tool writes, by compare-and-swap.
 */

/** In each region's log bucket. */
export const operatorKeysKey = 'operators/keys.json';

export interface OperatorKey {
  /** 16 hex digits; on each event as `operator`. */
  readonly id: string;
  readonly name: string;
  /** The 32 bytes of the public key, base64url. */
  readonly publicKey: string;
  /** Events from this time on, ms since the epoch, are valid. */
  readonly fromMs: number;
  /** Revoked: events from this time on are not valid. */
  readonly untilMs?: number;
  /** Who published or revoked it, and when. */
  readonly changedBy: string;
  readonly changedAtMs: number;
}

/** The content of an operator's key file. */
export interface OperatorKeyFile {
  readonly id: string;
  readonly name: string;
  readonly publicKey: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

export function makeOperatorKey(name: string): OperatorKeyFile {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'jwk' }).x ?? '';
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return { id: keyId(raw), name, publicKey: raw, privateKey: `${pem}` };
}

function keyId(publicKey: string): string {
  return Buffer.from(publicKey, 'base64url').toString('hex').slice(0, 16);
}

/** Undefined when the text is no key file, or when its parts do not belong together. */
export function parseOperatorKeyFile(text: string): OperatorKeyFile | undefined {
  const { id, name, publicKey, privateKey } = parseObject(text) ?? {};
  if (![id, name, publicKey, privateKey].every((part) => typeof part === 'string')) return undefined;
  const file = { id, name, publicKey, privateKey } as OperatorKeyFile;
  try {
    const raw = createPublicKey(createPrivateKey(file.privateKey)).export({ format: 'jwk' }).x;
    return raw === file.publicKey && keyId(raw) === file.id ? file : undefined;
  } catch {
    return undefined;
  }
}

export function encodeOperatorKeyFile(file: OperatorKeyFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The event with `operator` and `signature`. Throws when the file has no usable private key. */
export function signEvent(event: LoggedEvent, { id, privateKey }: OperatorKeyFile): LoggedEvent {
  const named = { ...event, operator: id } as LoggedEvent;
  const signature = sign(null, Buffer.from(signedText(named)), createPrivateKey(privateKey));
  return { ...named, signature: signature.toString('base64url') } as LoggedEvent;
}

/** Tells which events of operators count. */
export class OperatorKeys {
  readonly keys: readonly OperatorKey[];
  readonly #byId: ReadonlyMap<string, { readonly key: OperatorKey; readonly publicKey: KeyObject }>;

  constructor(keys: readonly OperatorKey[]) {
    this.keys = keys;
    this.#byId = new Map(keys.map((key) => [key.id, { key, publicKey: keyObject(key.publicKey) }]));
  }

  has(id: unknown): boolean {
    return typeof id === 'string' && this.#byId.has(id);
  }

  /** Whether a key that was valid at the event's time has signed it. */
  hasSigned(event: LoggedEvent): boolean {
    const { operator, signature } = event;
    if (typeof operator !== 'string' || typeof signature !== 'string') return false;
    const known = this.#byId.get(operator);
    if (known === undefined || !isValidAt(known.key, uuidTimeMs(event.id))) return false;
    return verify(null, Buffer.from(signedText(event)), known.publicKey, Buffer.from(signature, 'base64url'));
  }
}

export function isValidAt({ fromMs, untilMs = Number.POSITIVE_INFINITY }: OperatorKey, timeMs: number): boolean {
  return timeMs >= fromMs && timeMs < untilMs;
}

/** The entry of a changed key. Later than the entry before, even when the clock of another operator is ahead. */
export function changedKey(
  key: OperatorKey,
  change: { readonly untilMs: number; readonly changedBy: string },
  nowMs: number,
): OperatorKey {
  return { ...key, ...change, changedAtMs: Math.max(nowMs, key.changedAtMs + 1) };
}

/**
 * The keys of several lists, each once, in the order of ids. Where the lists differ about a key, the latest change counts.
 * So a list that a dead region missed is completed by the next change.
 */
export function mergeOperatorKeys(lists: readonly (readonly OperatorKey[])[]): readonly OperatorKey[] {
  const byId = new Map<string, OperatorKey>();
  for (const key of lists.flat()) {
    const held = byId.get(key.id);
    if (held === undefined || held.changedAtMs < key.changedAtMs) byId.set(key.id, key);
  }
  return [...byId.values()].sort((one, other) => compareTexts(one.id, other.id));
}

function keyObject(publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}

export function encodeOperatorKeys(keys: readonly OperatorKey[]): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, keys }, null, 2)}\n`);
}

/** Undefined when the bytes are no list of keys. */
export function parseOperatorKeys(bytes: Uint8Array): OperatorKeys | undefined {
  const { v, keys } = parseObject(Buffer.from(bytes).toString()) ?? {};
  if (v !== 1 || !Array.isArray(keys) || !keys.every(isKey)) return undefined;
  try {
    return new OperatorKeys(keys);
  } catch {
    return undefined;
  }
}

function isKey(value: unknown): value is OperatorKey {
  const { id, name, publicKey, fromMs, untilMs = 0 } = (value ?? {}) as Record<string, unknown>;
  const isNamed = [id, name, publicKey].every((text) => typeof text === 'string');
  return isNamed && [fromMs, untilMs].every(Number.isSafeInteger) && keyId(`${publicKey}`) === id;
}
