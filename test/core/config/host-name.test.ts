import { expect, test } from 'vitest';
import { hostNameProblem } from '../../../core/config/host-name.ts';

test.each([
  'go.example.com',
  'example.com',
  'a-1.b2.example',
  'xn--bcher-kva.example',
  `${'a'.repeat(63)}.example.com`,
])('%s is a host name', (name) => {
  expect(hostNameProblem(name)).toBeUndefined();
});

test.each([
  ['*.example.com', 'wildcard'],
  ['Go.example.com', 'lower case'],
  [`${'a.'.repeat(130)}com`, '253'],
  ['https://go.example.com', 'without a scheme'],
  ['go.example.com:443', 'without a scheme'],
  ['go.example.com.', 'dot at its end'],
  ['go..example.com', 'host name'],
  ['-go.example.com', 'host name'],
  ['go-.example.com', 'host name'],
  ['go_1.example.com', 'host name'],
  [`${'a'.repeat(64)}.example.com`, 'host name'],
  ['localhost', 'host name'],
  ['', 'host name'],
])('%s is no host name, with the reason', (name, why) => {
  expect(hostNameProblem(name)).toContain(why);
});
