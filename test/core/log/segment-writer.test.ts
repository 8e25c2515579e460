import { expect, test } from 'vitest';
import { encodeWriter, parseWriter } from '../../../core/log/segment-writer.ts';

test('a writer’s metadata is read back', () => {
  for (const by of ['track', 'store', 'owed', 'replay', 'audit'] as const) {
    const writer = { by, region: 'us-east-1' };
    expect(parseWriter(encodeWriter(writer))).toEqual(writer);
  }
});

test.each([undefined, '', 'store', 'somebody us-east-1', 'store us-east-1 twice'])('%j names no writer', (text) => {
  expect(parseWriter(text)).toBeUndefined();
});
