import { expect, test } from 'vitest';
import { maskedTarget } from '../../../core/postbacks/masked-target.ts';

test.each([
  ['https://partner.example/p?key=secret&click=7', 'https://partner.example/p?key=*&click=*'],
  ['https://partner.example:8443/p?key=a=b&&secret&=x', 'https://partner.example:8443/p?key=*&*&=*'],
  ['http://partner.example', 'http://partner.example/'],
  ['https://name:password@partner.example/#secret', 'https://partner.example/'],
  ['secret', 'no URL'],
])('%s is shown as %s', (url, shown) => {
  expect(maskedTarget(url)).toBe(shown);
});

test('a long target is cut', () => {
  expect(maskedTarget(`https://partner.example/${'x'.repeat(5_000)}`)).toHaveLength(501);
});
