import { Resolver } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { limits } from '../../core/limits/limits.ts';
import type { PostbackFailure, PostbackRefusal } from '../../core/postbacks/outcome.ts';
import { isPublicAddress } from '../../core/postbacks/public-address.ts';

/** The parts of the network that a test replaces. */
export interface Network {
  /** All addresses of a name, IPv4 and IPv6. Empty when it has none. Throws when DNS gives no answer. */
  resolve(name: string): Promise<readonly string[]>;
  /** Begins to connect. `address` is never a name. */
  connect(address: string, port: number): Socket;
}

/** As `Resolver` of Node.js. */
interface AddressResolver {
  resolve4(name: string): Promise<string[]>;
  resolve6(name: string): Promise<string[]>;
}

export function realNetwork(resolver: AddressResolver = ownResolver()): Network {
  return {
    async resolve(name) {
      const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const found = [four, six].flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      const failure = [four, six].find((one) => one.status === 'rejected' && !noAddressCodes.has(one.reason?.code));
      if (found.length === 0 && failure?.status === 'rejected') throw failure.reason;
      return found;
    },
    connect: (address, port) => connect({ host: address, port }),
  };
}

/** Not `dns.lookup`: its four threads are all taken when four names hang. */
function ownResolver(): AddressResolver {
  return new Resolver({ timeout: limits.sending.dnsMs, tries: limits.sending.dnsTries });
}

/** https://nodejs.org/api/dns.html#error-codes */
const noAddressCodes: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Ends an attempt before there is an answer. */
export class AttemptEnd extends Error {
  readonly end: { readonly kind: 'refused'; readonly why: PostbackRefusal } | FailedEnd;

  constructor(end: AttemptEnd['end']) {
    super(end.why);
    this.end = end;
  }
}

interface FailedEnd {
  readonly kind: 'failed';
  readonly why: PostbackFailure;
}

/**
 * A connection to a public address of a host. The name is resolved once, every address is checked, and the connection
 * goes to a checked address: another answer of DNS a moment later changes nothing. Throws an `AttemptEnd`.
 */
export async function openChecked(host: string, port: number, network: Network, stop: AbortSignal): Promise<Socket> {
  const addresses = isIP(host) === 0 ? await resolved(host, network) : [host];
  if (addresses.length === 0) throw new AttemptEnd({ kind: 'failed', why: 'no-address' });
  if (!addresses.every(isPublicAddress)) throw new AttemptEnd({ kind: 'refused', why: 'private-address' });
  let failure: PostbackFailure = 'unreachable';
  // IPv4 first: functions outside of a VPC have no way to IPv6 addresses.
  const inOrder = addresses.toSorted((one, other) => isIP(one) - isIP(other));
  for (const address of inOrder.slice(0, limits.sending.addressesMax)) {
    if (stop.aborted) break;
    const opened = await opening(network.connect(address, port), stop);
    if (opened.kind === 'open') return opened.socket;
    failure = opened.why;
  }
  throw new AttemptEnd({ kind: 'failed', why: failure });
}

async function resolved(name: string, network: Network): Promise<readonly string[]> {
  try {
    return await network.resolve(name);
  } catch {
    throw new AttemptEnd({ kind: 'failed', why: 'dns-failed' });
  }
}

type Opened =
  | { readonly kind: 'open'; readonly socket: Socket }
  | { readonly kind: 'failed'; readonly why: PostbackFailure };

function opening(socket: Socket, stop: AbortSignal): Promise<Opened> {
  return new Promise((resolve) => {
    const giveUp = () => socket.destroy(new Error('no connection in time'));
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'failed', why: error.code === 'ECONNREFUSED' ? 'connection-refused' : 'unreachable' });
    socket.setTimeout(limits.sending.connectMs, giveUp);
    socket.on('error', fail);
    stop.addEventListener('abort', giveUp);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeListener('timeout', giveUp);
      socket.removeListener('error', fail);
      stop.removeEventListener('abort', giveUp);
      resolve({ kind: 'open', socket });
    });
  });
}
