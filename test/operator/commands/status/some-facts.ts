import { limits } from '../../../../core/limits/limits.ts';
import type { Depth, QueueFacts } from '../../../../operator/clients/queue-facts.ts';
import type { RegionFacts, StatusFacts } from '../../../../operator/commands/status/status-facts.ts';

/** A healthy deployment, for tests to change. */

export const atMs = Date.UTC(2026, 10, 23, 5, 10);
export const [east, west] = ['us-east-1', 'us-west-2'] as const;

export function someFacts(changes: Partial<StatusFacts> = {}): StatusFacts {
  return {
    atMs,
    routing: 'failover',
    hasDomain: true,
    storeWindowSeconds: 10,
    throttledPerSecond: 10_000,
    name: { url: 'https://go.example.com', regions: { [east]: 5 }, failures: [] },
    regions: [someRegion(east), someRegion(west)],
    ...changes,
  };
}

export function someRegion(region: string, changes: Partial<RegionFacts> = {}): RegionFacts {
  const missing = { counting: { kind: 'missing' }, own: { kind: 'missing' }, holds: undefined } as const;
  return {
    region,
    health: { kind: 'well', region },
    drained: { kind: 'not-drained' },
    queues: [
      someQueue('intake'),
      someQueue('failure', { owedRegion: east, name: `kt-failure-${east}` }),
      someQueue('failure', { owedRegion: west, name: `kt-failure-${west}` }),
      someQueue('dead-letters'),
    ],
    shift: missing,
    storage: missing,
    lastSegmentAtMs: { kind: 'known', value: atMs - 12_000 },
    caps: { kind: 'known', value: undefined },
    postbacks: { kind: 'known', value: undefined },
    ...changes,
  };
}

export function someQueue(role: QueueFacts['role'], changes: Partial<QueueFacts> = {}): QueueFacts {
  return { name: `kt-${role}`, role, depth: depth(0), oldestAgeSeconds: { kind: 'known', value: 0 }, ...changes };
}

export function depth(messages: number): { readonly kind: 'known'; readonly value: Depth } {
  return { kind: 'known', value: { messages, inFlight: 0, retentionSeconds: limits.queue.retentionSeconds } };
}

export function age(seconds: number) {
  return { kind: 'known', value: seconds } as const;
}
