import { expect, test } from 'vitest';
import { sideBySide } from '../../../lambda/notify/side-by-side.ts';

test('gives the results of both', async () => {
  expect(await sideBySide(Promise.resolve(1), Promise.resolve('two'))).toEqual([1, 'two']);
});

test('a defect of one is thrown only when the other one has ended', async () => {
  let end = (_: string) => {};
  const other = new Promise<string>((resolve) => {
    end = resolve;
  });
  const ends: string[] = [];
  const both = sideBySide(Promise.reject(new Error('a defect')), other).catch(({ message }) => ends.push(message));
  // Everything that was ready has run.
  await new Promise(setImmediate);
  ends.push('the other one ends');
  end('two');
  await both;
  expect(ends).toEqual(['the other one ends', 'a defect']);
});
