import dns, { lookup } from 'node:dns';
import { resolve4, resolve6 } from 'node:dns/promises';
import http from 'node:http';
import net from 'node:net';
import { promisify } from 'node:util';

// A bundle whose handlers use the network as a sender of postbacks might.

/** @param {{ name: string, family?: number }} event */
export async function resolveInAllWays({ name, family }) {
  const ways = {
    callback: () => promisify(lookup)(name, { all: true, ...(family && { family }) }),
    promise: () => dns.promises.lookup(name),
    resolve4: () => resolve4(name),
    resolve6: () => resolve6(name),
    resolver: () => new dns.promises.Resolver().resolve4(name),
    resolverWithCallback: () =>
      new Promise((resolve, reject) =>
        new dns.Resolver().resolve4(name, (error, found) => (error ? reject(error) : resolve(found))),
      ),
  };
  const found = await Promise.all(
    Object.entries(ways).map(async ([way, call]) => [way, await call().catch((error) => error.code)]),
  );
  return Object.fromEntries(found);
}

/**
 * Checks the name's address first and then connects to this address, whatever the name resolves to by then.
 * @param {{ url: string, pinned?: boolean, bodyBytesMax?: number, method?: string, headers?: object, body?: string }} event
 */
export async function call({ url, pinned = true, bodyBytesMax = 65_536, method = 'GET', headers = {}, body }) {
  const { hostname } = new URL(url);
  const checked = pinned && net.isIP(hostname) === 0 ? await dns.promises.lookup(hostname) : undefined;
  /** @type {any} */
  const pinnedLookup = (/** @type {string} */ _name, /** @type {any} */ options, /** @type {any} */ then) =>
    options.all ? then(null, [checked]) : then(null, checked?.address, checked?.family);
  return await new Promise((resolve) => {
    const request = http.request(
      url,
      { method, headers: { ...headers }, timeout: 500, agent: false, ...(checked && { lookup: pinnedLookup }) },
      (response) => {
        const { statusCode, headers: answered, socket } = response;
        const { remoteAddress, remotePort } = socket;
        let bytes = 0;
        response.on('data', (chunk) => {
          bytes += chunk.length;
          if (bytes > bodyBytesMax) response.destroy(new Error('too much'));
        });
        response.on('end', () => resolve({ statusCode, headers: answered, remoteAddress, remotePort }));
        response.on('error', (error) => resolve({ statusCode, error: error.message }));
      },
    );
    request.on('timeout', () => request.destroy(new Error('timed out')));
    request.on('error', (/** @type {NodeJS.ErrnoException} */ { code, message }) =>
      resolve({ error: code ?? message }),
    );
    request.end(body);
  });
}
