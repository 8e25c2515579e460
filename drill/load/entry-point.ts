import type { LocalCloud } from '../../local/handle.ts';
import type { Sender } from './sender.ts';

/** Where the load is sent: to the tracking name, or to each region's own address in turn. */
export const entryPoints = ['name', 'regions'] as const;
export type EntryPoint = (typeof entryPoints)[number];

/** `open` makes a sender for an origin such as `http://127.0.0.1:8080`. */
export function senderThrough(
  entry: EntryPoint,
  { urls, regions }: LocalCloud,
  open: (origin: string) => Sender,
): Sender {
  if (entry === 'name') return open(urls.name);
  const senders = regions.map((region) => open(urls.region[region] ?? ''));
  let turn = 0;
  return {
    send: async (path, visitor) => {
      const sender = senders[turn++ % senders.length];
      if (sender === undefined) throw new Error('the local cloud has no region');
      return sender.send(path, visitor);
    },
    async close() {
      await Promise.all(senders.map((sender) => sender.close()));
    },
  };
}
