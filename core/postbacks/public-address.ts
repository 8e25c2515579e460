import { isWithin, parseAddress } from '../tracking/input/ip-address.ts';

/**
 * Whether an address is one of the public internet, so that a partner's server may stand there. All others are ours or
 * nobody's: private, loopback, link-local (with the metadata services of AWS), shared, multicast, documentation,
 * benchmarking and reserved ones. Text that is no address is not public.
 *
 * The networks are those that are not globally reachable by IANA's registries:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  // No DNS name has an IPv4-mapped address for a good reason.
  if (address.family === 'ipv4') return !text.includes(':') && !isWithin(text, specialIpv4);
  return isWithin(text, globalUnicast) && !isWithin(text, specialIpv6);
}

const specialIpv4: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  // Shared by the customers of a provider.
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Link-local: 169.254.169.254 gives a machine's credentials.
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  // The retired relays of 6to4.
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * All public IPv6 addresses. Outside of it are `::`, `::1`, IPv4-compatible addresses, NAT64 (`64:ff9b::`), private
 * ones (`fc00::/7` with `fd00:ec2::254`, the metadata service), link-local and multicast ones.
 */
const globalUnicast: readonly string[] = ['2000::/3'];

const specialIpv6: readonly string[] = [
  // Protocols of the IETF: Teredo, which contains an IPv4 address, benchmarking and others.
  '2001::/23',
  '2001:db8::/32',
  // 6to4: contains an IPv4 address.
  '2002::/16',
  '3fff::/20',
];
