import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';

/**
 * IPv4 and IPv6 addresses, and networks of them. Text that is no address gives `undefined` or `false`, never a throw.
 */

export interface IpAddress {
  /** In its shortest form and in lower case, for example `203.0.113.7` or `2001:db8::1`. */
  readonly text: string;
  readonly family: 'ipv4' | 'ipv6';
}

const mappedStart = '::ffff:';

/**
 * An IPv4-mapped IPv6 address (`::ffff:203.0.113.7`, as an IPv6 socket shows an IPv4 sender) becomes the IPv4 address.
 * An IPv6 address with a zone (`fe80::1%eth0`) is refused, because a zone means something on one machine only.
 */
export function parseAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { text, family: 'ipv4' };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  const mapped = address.startsWith(mappedStart) ? address.slice(mappedStart.length) : '';
  return isIPv4(mapped) ? { text: mapped, family: 'ipv4' } : { text: address, family: 'ipv6' };
}

interface Network extends IpAddress {
  /** How many of the first bits all addresses of the network share. */
  readonly prefixBits: number;
}

function parseNetwork(text: string): Network | undefined {
  const [addressText = '', length, ...more] = text.split('/');
  const address = parseAddress(addressText);
  if (address === undefined || more.length > 0) return undefined;
  const bitsMax = address.family === 'ipv4' ? 32 : 128;
  if (length === undefined) return { ...address, prefixBits: bitsMax };
  return /^\d{1,3}$/.test(length) && Number(length) <= bitsMax ? { ...address, prefixBits: Number(length) } : undefined;
}

/** Whether a text is an address or a network such as `203.0.113.0/24`. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * Whether a network is so wide that an address inside it proves nothing: wider than a /8 of IPv4 or a /16 of IPv6.
 * (Two halves of the internet would be the whole of it.)
 */
export function isTooWide(text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && network.prefixBits < (network.family === 'ipv4' ? 8 : 16);
}

/** Whether no network is too wide, so that an address inside one of them proves something. */
export function areNarrow(networks: readonly string[]): boolean {
  return listsOf(networks).areNarrow;
}

/** Whether one of the networks (see `isNetwork`) holds the address. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && listsOf(networks)[parsed.family].check(parsed.text, parsed.family);
}

/** One list a family: in a common list `::/0` would also hold every IPv4 address. */
interface NetworkLists extends Readonly<Record<IpAddress['family'], BlockList>> {
  readonly areNarrow: boolean;
}

/** A catalog keeps its lists of networks for many requests. */
const networkLists = new WeakMap<readonly string[], NetworkLists>();

function listsOf(networks: readonly string[]): NetworkLists {
  const known = networkLists.get(networks);
  if (known) return known;
  const lists = { ipv4: new BlockList(), ipv6: new BlockList(), areNarrow: !networks.some(isTooWide) };
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network) lists[network.family].addSubnet(network.text, network.prefixBits, network.family);
  }
  networkLists.set(networks, lists);
  return lists;
}

/**
 * Who is behind an address: the address itself, or the /64 of an IPv6 address. One line or phone has a whole /64, and
 * its devices change their addresses inside it. Text that is no address stays.
 */
export function subscriberOf(text: string): string {
  const address = text.includes(':') ? parseAddress(text) : undefined;
  if (address?.family !== 'ipv6') return address?.text ?? text;
  const groups = ipv6Groups(address.text).slice(0, 4);
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`;
}

const groupCount = 8;

/**
 * The groups of 16 bits of an address in its shortest form (RFC 4291, section 2.2). `::` stands for the groups of zeros
 * left out. The last ones may be wrong when they are written as an IPv4 address; the first four are right.
 */
export function ipv6Groups(address: string): readonly number[] {
  const [head = [], tail = []] = address.split('::').map((side) => side.split(':').filter(Boolean));
  const zeros = Array.from({ length: groupCount - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
}
