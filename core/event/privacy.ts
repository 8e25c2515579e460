import { ipv4Bytes, ipv6Groups, isMappedIpv4 } from '../tracking/input/ip-address.ts';

/**
 * How much an event keeps of the person behind a request. It is decided before the event is made, so that what is not
 * kept was never written anywhere: no queue, no log, no failure line.
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
  if (share === undefined) throw new Error(`of a request is kept ${keptShares.join(', ')}, not "${text}"`);
  return share;
}

/**
 * Truncated, an IPv4 address is its /24 network and an IPv6 address its /48, each written as an address; what is no
 * address is nothing then, since nobody could say which part of it names a person.
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
 * Truncated, a user agent still tells browser, system and their main versions: versions lose what stands behind their
 * first number, a comment keeps its first two parts (a phone's model is the third), and what apps append in brackets
 * goes.
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

function networkOf(address: string): string {
  const bytes = ipv4Bytes(address);
  if (bytes) return ipv4Network(bytes);
  const groups = ipv6Groups(address);
  return groups ? ipv6Network(groups) : '';
}

function ipv4Network([first = 0, second = 0, third = 0]: readonly number[]): string {
  return `${first}.${second}.${third}.0`;
}

const sixToFour = 0x2002;

/** Two kinds of IPv6 address hold an IPv4 address where a /48 would keep it, or where it is all that they are. */
function ipv6Network(groups: readonly number[]): string {
  const [first = 0, second = 0, third = 0, , , , high = 0, low = 0] = groups;
  if (isMappedIpv4(groups)) return ipv4Network([high >> 8, high & 0xff, low >> 8]);
  const kept = [first, second, first === sixToFour ? third & 0xff00 : third];
  while (kept.at(-1) === 0) kept.pop();
  return `${kept.map(hex).join(':')}::`;
}

function hex(group: number): string {
  return group.toString(16);
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
