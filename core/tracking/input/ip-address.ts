/** IPv4 and IPv6 addresses, and networks of them, as text and as numbers; what is no address is undefined, never a throw. */

const decimalByte = /^(?:0|[1-9]\d{0,2})$/;

export function ipv4Bytes(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  const bytes = parts.map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => decimalByte.test(part)) && Math.max(...bytes) < 256;
  return isAddress ? bytes : undefined;
}

const groupCount = 8;
const ipv6CharactersMax = 45;

/** Eight groups of 16 bits (RFC 4291, section 2.2); undefined for what is no address, one with a zone included. */
export function ipv6Groups(text: string): readonly number[] | undefined {
  const halves = text.length > ipv6CharactersMax ? [] : text.split('::');
  const [head, tail] = halves.map(groupsIn);
  if (halves.length === 1) return head?.length === groupCount ? head : undefined;
  // An IPv4 address may stand at the very end only.
  if (halves.length !== 2 || !head || !tail || halves[0]?.includes('.')) return undefined;
  const missing = groupCount - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

const hexGroup = /^[0-9a-f]{1,4}$/i;

/** Groups of one side of `::`; its last may be an IPv4 address, which stands for two. */
function groupsIn(side: string): readonly number[] | undefined {
  if (side === '') return [];
  const parts = side.split(':');
  const embedded = ipv4Bytes(parts.at(-1) ?? '');
  const hexParts = embedded ? parts.slice(0, -1) : parts;
  if (!hexParts.every((part) => hexGroup.test(part))) return undefined;
  const groups = hexParts.map((part) => Number.parseInt(part, 16));
  if (!embedded) return groups;
  const [first = 0, second = 0, third = 0, fourth = 0] = embedded;
  return [...groups, (first << 8) | second, (third << 8) | fourth];
}

/** `::ffff:203.0.113.7`: an IPv4 address as an IPv6 socket shows it. */
export function isMappedIpv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

/** Whether a text is an address or a network such as `203.0.113.0/24`. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/**
 * Whether a network is so wide that coming from it proves nothing: wider than a /8 of IPv4 or a /16 of IPv6. Half of the
 * internet twice is the internet.
 */
export function isTooWide(text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && network.bits < (network.bytes.length === 4 ? 8 : 16);
}

/** Whether one of the networks, each as `isNetwork` wants it, holds the address. What is no address is in none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const bytes = addressBytes(address);
  return bytes !== undefined && networks.some((text) => holds(parseNetwork(text), bytes));
}

interface Network {
  readonly bytes: readonly number[];
  /** How many of the first bits count. */
  readonly bits: number;
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', length, ...more] = text.split('/');
  const bytes = addressBytes(address);
  if (bytes === undefined || more.length > 0) return undefined;
  const all = bytes.length * 8;
  if (length === undefined) return { bytes, bits: all };
  return /^\d{1,3}$/.test(length) && Number(length) <= all ? { bytes, bits: Number(length) } : undefined;
}

/** Four or sixteen; an IPv4 address within IPv6 is itself. */
function addressBytes(text: string): readonly number[] | undefined {
  const groups = text.includes(':') ? ipv6Groups(text) : undefined;
  if (groups === undefined) return ipv4Bytes(text);
  const bytes = groups.flatMap((group) => [group >> 8, group & 0xff]);
  return isMappedIpv4(groups) ? bytes.slice(12) : bytes;
}

function holds(network: Network | undefined, bytes: readonly number[]): boolean {
  if (network?.bytes.length !== bytes.length) return false;
  return network.bytes.every((byte, index) => {
    const ignored = Math.max(0, Math.min(8, (index + 1) * 8 - network.bits));
    return byte >> ignored === (bytes[index] ?? 0) >> ignored;
  });
}
