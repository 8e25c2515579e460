import { describe, expect, test } from 'vitest';
import { mintTransactionId, verifyTransactionId } from '../../../core/event/transaction-id.ts';
import {
  encodeKeySecret,
  type KeySecret,
  newKeySecret,
  nextStep,
  parseKeySecret,
  type RotationStep,
  rotated,
  rotationSteps,
} from '../../../core/keys/key-rotation.ts';

const [oldKey, newKey] = ['0'.repeat(64), 'f'.repeat(64)] as const;

/** The secret before the first step and after each. */
function rotation(): readonly KeySecret[] {
  const secrets = [newKeySecret(oldKey)];
  for (const step of rotationSteps) secrets.push(rotated(secrets.at(-1) ?? newKeySecret(oldKey), step, newKey));
  return secrets;
}

function signedWith(keys: KeySecret): string {
  const click = { clickedAtMs: 1_763_876_531_000, region: 'us-east-1', offerId: 15, affiliateId: 7 };
  return mintTransactionId(click, new Uint8Array(5), keys);
}

describe('a rotation', () => {
  test('takes the steps accept, sign and retire, and then another rotation can begin', () => {
    const steps = rotation().map(nextStep);
    expect(steps).toEqual(['accept', 'sign', 'retire', 'accept']);
  });

  test('while the regions are one step apart, each accepts what the other signs', () => {
    const secrets = rotation();
    for (const [index, earlier] of secrets.slice(0, -1).entries()) {
      const later = secrets[index + 1] ?? earlier;
      for (const [signer, verifier] of [
        [earlier, later],
        [later, earlier],
      ] as const) {
        expect(verifyTransactionId(signedWith(signer), verifier).kind).toBe('valid');
      }
    }
  });

  test('accepts ids of the old key until that key is retired', () => {
    const kinds = rotation().map((keys) => verifyTransactionId(signedWith(newKeySecret(oldKey)), keys).kind);
    expect(kinds).toEqual(['valid', 'valid', 'valid', 'tampered']);
  });

  test('two steps at once would refuse ids that a region still signs', () => {
    const [before, , signing] = rotation();
    if (!before || !signing) throw new Error('a rotation has four points');
    expect(verifyTransactionId(signedWith(signing), before).kind).toBe('tampered');
  });
});

describe('the text of the secret', () => {
  test.each(rotationSteps)('after %s it is read as it was written', (step: RotationStep) => {
    const secret = rotated(newKeySecret(oldKey), step, newKey);
    expect(parseKeySecret(encodeKeySecret(secret))).toEqual(secret);
  });

  test('written by hand without a step is a finished rotation when both keys are the same', () => {
    expect(parseKeySecret(JSON.stringify({ signing: oldKey, accepted: oldKey }))).toEqual(newKeySecret(oldKey));
  });

  test('with two keys and no step can only take the step retire', () => {
    const secret = parseKeySecret(JSON.stringify({ signing: oldKey, accepted: newKey }));
    expect(secret).toEqual({ signing: oldKey, accepted: newKey, step: undefined });
    expect(secret && nextStep(secret)).toBe('retire');
  });

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['another secret', '{"password":"x"}'],
    ['a key that is too short', JSON.stringify({ signing: 'ab', accepted: oldKey })],
    ['a key that is not hex', JSON.stringify({ signing: 'z'.repeat(64), accepted: oldKey })],
  ])('%s is no secret', (_, text) => {
    expect(parseKeySecret(text)).toBeUndefined();
  });
});
