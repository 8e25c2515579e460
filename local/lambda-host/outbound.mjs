// Runs inside one environment and takes the place of its network. Names are resolved by the host, and connections to
// public addresses reach partners' servers on 127.0.0.1 (local/internet/internet.ts). The AWS endpoint is reached
// directly. Nothing else is reached, so no packet of a function leaves the machine. The bundle does not notice.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/** @import { MessagePort } from 'node:worker_threads' */
/** @import { OutboundAnswer, OutboundQuestion } from '../internet/internet.ts' */
/** @typedef {{ address: string, family: number }} FoundAddress */
/** @typedef {(error: Error | null, address?: string | FoundAddress[], family?: number) => void} OnLookup */

/**
 * @param {MessagePort} port answers questions of the environment
 * @param {string} endpointUrl
 */
export function replaceNetwork(port, endpointUrl) {
  const ask = asking(port);
  replaceNames(ask);
  replaceConnections(ask, new URL(endpointUrl));
  syncBuiltinESMExports();
}

/**
 * @param {MessagePort} port
 * @returns {(question: OutboundQuestion) => Promise<OutboundAnswer>}
 */
function asking(port) {
  /** @type {Map<number, (answer: OutboundAnswer) => void>} */
  const waiting = new Map();
  let asked = 0;
  port.on('message', (/** @type {{ number: number, answer: OutboundAnswer }} */ { number, answer }) => {
    waiting.get(number)?.(answer);
    waiting.delete(number);
    if (waiting.size === 0) port.unref();
  });
  port.unref();
  return (question) =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      // Without this the thread would end while it waits for nothing but the answer.
      port.ref();
      port.postMessage({ number: asked, question });
    });
}

/** @param {ReturnType<typeof asking>} ask */
function replaceNames(ask) {
  /** @type {(name: string, family: number, call: string) => Promise<string[]>} */
  const resolve = async (name, family, call) => {
    const answer = await ask({ kind: 'resolve', name });
    const all = answer.kind === 'addresses' ? answer.addresses : [];
    const found = all.filter((address) => family === 0 || net.isIP(address) === family);
    if (found.length > 0) return found;
    const isUnknown = call === 'getaddrinfo' || all.length === 0;
    throw systemError(isUnknown ? 'ENOTFOUND' : 'ENODATA', call, { hostname: name });
  };
  /** @type {(name: string, options: { family?: number | string, all?: boolean }) => Promise<FoundAddress[]>} */
  const lookUp = async (name, { family = 0 }) => {
    const wanted = Number(String(family).replace('IPv', ''));
    if (net.isIP(name) !== 0) return [{ address: name, family: net.isIP(name) }];
    const found = await resolve(name, wanted, 'getaddrinfo');
    return found.map((address) => ({ address, family: net.isIP(address) }));
  };
  const replaced = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (dns));
  replaced['lookup'] = (/** @type {string} */ name, /** @type {unknown} */ given, /** @type {OnLookup} */ then) => {
    const [options, callback] = typeof given === 'function' ? [{}, /** @type {OnLookup} */ (given)] : [given, then];
    const wanted = typeof options === 'number' ? { family: options } : /** @type {{ all?: boolean }} */ (options);
    lookUp(name, wanted).then(
      (found) =>
        'all' in wanted && wanted.all ? callback(null, found) : callback(null, found[0]?.address, found[0]?.family),
      (error) => callback(error),
    );
  };
  const promises = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (dns.promises));
  promises['lookup'] = async (/** @type {string} */ name, /** @type {any} */ given = {}) => {
    const found = await lookUp(name, typeof given === 'number' ? { family: given } : given);
    return given.all ? found : found[0];
  };
  for (const [functionName, call, family] of /** @type {const} */ ([
    ['resolve4', 'queryA', 4],
    ['resolve6', 'queryAaaa', 6],
  ])) {
    /** @type {(name: string, options?: unknown) => Promise<unknown[]>} */
    const ofFamily = async (name, options) => {
      const found = await resolve(name, family, call);
      const hasTtl = typeof options === 'object' && options !== null && 'ttl' in options && options.ttl === true;
      return hasTtl ? found.map((address) => ({ address, ttl: 60 })) : found;
    };
    /** @type {(name: string, ...rest: unknown[]) => void} */
    const withCallback = (name, ...rest) => {
      const callback = /** @type {(error: Error | null, found?: unknown[]) => void} */ (rest.at(-1));
      ofFamily(name, rest[0]).then(
        (found) => callback(null, found),
        (error) => callback(error),
      );
    };
    replaced[functionName] = withCallback;
    promises[functionName] = ofFamily;
    Object.assign(dns.Resolver.prototype, { [functionName]: withCallback });
    Object.assign(dns.promises.Resolver.prototype, { [functionName]: ofFamily });
  }
}

/**
 * @param {ReturnType<typeof asking>} ask
 * @param {URL} endpoint
 */
function replaceConnections(ask, endpoint) {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (/** @type {any[]} */ ...given) {
    const [options, callback] = readArguments(given);
    const isEndpoint = options.host === endpoint.hostname && String(options.port) === endpoint.port;
    if (isEndpoint || options.path) return Reflect.apply(connect, this, given);
    if (callback) this.once('connect', callback);
    // Node.js sets this when it begins to connect. Until then it would refuse what the function already writes.
    Object.assign(this, { connecting: true });
    findPort(this, options, ask).then(
      ({ address, port }) => {
        if (this.destroyed) return;
        const { lookup, ...rest } = options;
        Reflect.apply(connect, this, [{ ...rest, host: '127.0.0.1', family: 4, port }]);
        Object.defineProperties(this, {
          remoteAddress: { get: () => (this.connecting || this.destroyed ? undefined : address) },
          remotePort: { get: () => (this.connecting || this.destroyed ? undefined : Number(options.port)) },
        });
      },
      (error) => this.destroy(error),
    );
    return this;
  };
}

/**
 * `connect` may be called with options, with a port, or with a list of both that Node.js has put in order already.
 * @param {any[]} given
 * @returns {[options: any, callback: (() => void) | undefined]}
 */
function readArguments(given) {
  const list = Array.isArray(given[0]) ? given[0] : given;
  const callback = list.findLast((one) => typeof one === 'function');
  const [first, second] = list;
  if (typeof first === 'object' && first !== null) return [{ host: 'localhost', ...first }, callback];
  return [{ port: first, host: typeof second === 'string' ? second : 'localhost' }, callback];
}

/**
 * @param {net.Socket} socket
 * @param {any} options
 * @param {ReturnType<typeof asking>} ask
 */
async function findPort(socket, options, ask) {
  const port = Number(options.port);
  const addresses = net.isIP(options.host) === 0 ? await lookUpFor(socket, options) : [options.host];
  for (const address of addresses) {
    const answer = await ask({ kind: 'connect', address, port });
    if (answer.kind === 'port') return { address, port: answer.port };
  }
  throw systemError('ECONNREFUSED', 'connect', { address: addresses[0], port });
}

/**
 * Calls the function's own `lookup` when there is one, as Node.js does.
 * @param {net.Socket} socket
 * @param {any} options
 * @returns {Promise<string[]>}
 */
function lookUpFor(socket, { host, family, hints, lookup = dns.lookup, autoSelectFamily = true }) {
  return new Promise((resolve, reject) => {
    const all = autoSelectFamily && family !== 4 && family !== 6;
    lookup(
      host,
      { family, hints, all },
      (/** @type {Error | null} */ error, /** @type {any} */ found, /** @type {any} */ of) => {
        /** @type {FoundAddress[]} */
        const list = Array.isArray(found) ? found : [{ address: found, family: of }];
        socket.emit('lookup', error, list[0]?.address, list[0]?.family, host);
        if (error) reject(error);
        else resolve(list.map(({ address }) => address));
      },
    );
  });
}

/**
 * @param {string} code
 * @param {string} syscall
 * @param {Record<string, unknown>} rest
 */
function systemError(code, syscall, rest) {
  const subject = rest['hostname'] ?? `${rest['address']}:${rest['port']}`;
  return Object.assign(new Error(`${syscall} ${code} ${subject}`), { code, syscall, ...rest });
}
