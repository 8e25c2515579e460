import { expect, test } from 'vitest';
import { realNetwork } from '../../../lambda/notify/open-checked.ts';

/** What DNS answers for a name's IPv4 or IPv6 addresses: the addresses, or the code of an error. */
type Answer = readonly string[] | string;

const answering = (answer: Answer) => async () => {
  if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer });
  return [...answer];
};
const resolve = (four: Answer, six: Answer) =>
  realNetwork({ resolve4: answering(four), resolve6: answering(six) }).resolve('partner.example');

test.each([
  ['both kinds of addresses', ['52.0.0.1'], ['2606:4700::1'], ['52.0.0.1', '2606:4700::1']],
  ['no IPv6 address', ['52.0.0.1'], 'ENODATA', ['52.0.0.1']],
  ['no IPv4 address', 'ENODATA', ['2606:4700::1'], ['2606:4700::1']],
  ['an answer for one kind alone', ['52.0.0.1'], 'ETIMEOUT', ['52.0.0.1']],
  ['no address', 'ENODATA', 'ENODATA', []],
  ['no such name', 'ENOTFOUND', 'ENOTFOUND', []],
])('a name with %s', async (_, four, six, addresses) => {
  expect(await resolve(four, six)).toEqual(addresses);
});

test.each([
  ['ETIMEOUT', 'ETIMEOUT'],
  ['ESERVFAIL', 'ENODATA'],
  ['ENODATA', 'ETIMEOUT'],
])('no answer is told apart from no address: %s and %s', async (four, six) => {
  await expect(resolve(four, six)).rejects.toThrow();
});
