import { ipv6Groups, parseAddress } from '../tracking/input/ip-address.ts';

/**
 * How much an event keeps of the person behind a request. `track` decides before it makes the event, so data that a
 * deployment does not keep never reaches a queue, a log or a failure line.
 */

export const keptShares = ['full', 'truncated', 'none'] as const;
type KeptShare = (typeof keptShares)[number];

export interface Privacy {
  /** Of the visitor's address, and of the one that an advertiser reports with a conversion (`conv_ip`). */
  readonly clientAddress: KeptShare;
  readonly userAgent: KeptShare;
}

/** Throws on anything but `full`, `truncated` and `none`. */
export function parseKeptShare(text: string): KeptShare {
  const share = keptShares.find((known) => known === text);
  if (share === undefined) {
    throw new Error(`CLIENT_ADDRESS_KEPT and USER_AGENT_KEPT must be one of ${keptShares.join(', ')}, not "${text}"`);
  }
  return share;
}

/**
 * `truncated` keeps the /24 network of an IPv4 address and the /48 network of an IPv6 address, written as an address.
 * Text that is no address then becomes empty, because nobody can say which part of it names a person.
 */
export function keptAddress(address: string, share: KeptShare): string {
  switch (share) {
    case 'full':
      return address;
    case 'truncated':
      return networkOf(address);
    case 'none':
      return '';
  }
}

/**
 * A `truncated` user agent still tells the browser, the system and their main versions. Versions keep their first
 * number. A comment keeps its first two parts, because the third is the model of a phone. Text that apps append in
 * square brackets goes.
 */
export function keptUserAgent(userAgent: string, share: KeptShare): string {
  switch (share) {
    case 'full':
      return userAgent;
    case 'truncated':
      return reducedUserAgent(userAgent);
    case 'none':
      return '';
  }
}

function networkOf(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return '';
  return address.family === 'ipv4' ? `${address.text.split('.', 3).join('.')}.0` : ipv6Network(address.text);
}

const sixToFour = 0x2002;

/** A 6to4 address has an IPv4 address behind its first group: its /48 would keep all of that address. */
function ipv6Network(address: string): string {
  const [first = 0, second = 0, third = 0] = ipv6Groups(address);
  const kept = [first, second, first === sixToFour ? third & 0xff00 : third];
  while (kept.at(-1) === 0) kept.pop();
  return `${kept.map((group) => group.toString(16)).join(':')}::`;
}

const commentParts = 2;

function reducedUserAgent(userAgent: string): string {
  return userAgent
    .replace(/\[[^\]]*\]?/g, ' ')
    .replace(/\(([^()]*)(\)|$)/g, (_, comment: string, end: string) => `(${firstParts(comment)}${end}`)
    .replace(/(\d+)[._][\w.]*/g, '$1')
    .replace(/\/(\d+)[A-Za-z]\w*/g, '/$1')
    .replace(/\s+/g, ' ')
    .trim();
}

function firstParts(comment: string): string {
  return comment
    .split(';')
    .slice(0, commentParts)
    .map((part) => part.trim())
    .join('; ');
}
