import { expect, test } from 'vitest';
import { signedText } from '../../../core/conversions/operator-events.ts';
import { createRedact } from '../../../core/event/redaction.ts';
import {
  changedKey,
  encodeOperatorKeyFile,
  encodeOperatorKeys,
  makeOperatorKey,
  mergeOperatorKeys,
  type OperatorKey,
  OperatorKeys,
  parseOperatorKeyFile,
  parseOperatorKeys,
  signEvent,
} from '../../../core/keys/operator-keys.ts';
import { decision } from '../../operator/some-conversions.ts';
import { sampleMs } from '../../sample-lines.ts';

const file = makeOperatorKey('ada');

function entry(changes: Partial<OperatorKey> = {}): OperatorKey {
  const { id, name, publicKey } = file;
  return { id, name, publicKey, fromMs: sampleMs, changedBy: 'ada', changedAtMs: sampleMs, ...changes };
}

const unsigned = decision(1, 'approve', { note: 'why' }, sampleMs + 1_000, false);
const signed = signEvent(unsigned, file);

test('only an event that a published key has signed counts', () => {
  const keys = new OperatorKeys([entry()]);
  expect(keys.hasSigned(signed)).toBe(true);
  expect(keys.hasSigned(unsigned)).toBe(false);
  expect(new OperatorKeys([]).hasSigned(signed)).toBe(false);
  expect(keys.hasSigned({ ...signed, verdict: 'reject' })).toBe(false);
  expect(keys.hasSigned({ ...signed, payout: '1000' })).toBe(false);
  expect(keys.hasSigned({ ...signed, signature: 'no signature' })).toBe(false);
  expect(keys.hasSigned({ ...signed, operator: makeOperatorKey('eve').id })).toBe(false);
});

test('a signature counts from the start of its key to its end', () => {
  expect(new OperatorKeys([entry({ fromMs: sampleMs + 1_001 })]).hasSigned(signed)).toBe(false);
  expect(new OperatorKeys([entry({ untilMs: sampleMs + 1_000 })]).hasSigned(signed)).toBe(false);
  expect(new OperatorKeys([entry({ untilMs: sampleMs + 1_001 })]).hasSigned(signed)).toBe(true);
});

test('an erasure takes the note and leaves the signature valid, which covers a hash of the note', () => {
  const redacted = createRedact(new Uint8Array(32))(signed);
  const { note, ...rest } = signed;
  expect(note).toBe('why');
  expect(redacted).toEqual({ ...rest, redacted: true });
  expect(signedText(redacted)).toBe(signedText(signed));
  expect(new OperatorKeys([entry()]).hasSigned(redacted)).toBe(true);
});

test('a list of keys is read back, and nothing else is taken for one', () => {
  const keys = [entry({ untilMs: sampleMs + 5 })];
  expect(parseOperatorKeys(encodeOperatorKeys(keys))?.keys).toEqual(keys);
  const wrong = [
    '',
    '{}',
    '{"v":1,"keys":[{}]}',
    `{"v":1,"keys":[${JSON.stringify({ ...entry(), id: '0'.repeat(16) })}]}`,
  ];
  for (const text of wrong) expect(parseOperatorKeys(Buffer.from(text))).toBeUndefined();
});

test('lists that differ are joined, and the latest change of a key counts', () => {
  const other = makeOperatorKey('bob');
  const second = entry({ id: other.id, publicKey: other.publicKey });
  const revoked = entry({ untilMs: sampleMs + 5, changedAtMs: sampleMs + 5 });
  const expected = [revoked, second].sort((one, two) => (one.id < two.id ? -1 : 1));
  expect(mergeOperatorKeys([[entry(), second], [revoked]])).toEqual(expected);
  expect(mergeOperatorKeys([[revoked], [second, entry()]])).toEqual(expected);
});

test('a revocation counts although the clock of the operator who added the key is ahead', () => {
  const added = entry({ changedAtMs: sampleMs + 60_000 });
  const revoked = changedKey(added, { untilMs: sampleMs, changedBy: 'bob' }, sampleMs);
  expect(mergeOperatorKeys([[revoked], [added]])).toEqual([revoked]);
});

test('a key file is read back only while its parts belong together', () => {
  expect(parseOperatorKeyFile(encodeOperatorKeyFile(file))).toEqual(file);
  const other = makeOperatorKey('eve');
  const mixed = [
    { ...file, privateKey: other.privateKey },
    { ...file, id: other.id },
    { ...file, privateKey: 'x' },
    {},
  ];
  for (const one of mixed) expect(parseOperatorKeyFile(JSON.stringify(one))).toBeUndefined();
});
