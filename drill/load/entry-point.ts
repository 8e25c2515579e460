import type { LocalCloud } from '../../local/handle.ts';
import type { Sender } from './sender.ts';

/** By which door the load comes in: the tracking name, or each region's own address in turn. */
export const entryPoints = ['name', 'regions'] as const;
export type EntryPoint = (typeof entryPoints)[number];

/** The doors are opened by `open`, which is given an origin. */
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
