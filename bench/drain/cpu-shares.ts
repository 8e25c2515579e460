import type { Profiler } from 'node:inspector';

export interface CpuShare {
  readonly stage: string;
  /** Share of the main thread's busy time, 0 to 1. */
  readonly share: number;
}

/**
 * A sample belongs to the first stage whose pattern matches any of its stack frames. The names are those of the bundle
 * that is not minified, and of Node's own files.
 */
const stages: readonly (readonly [stage: string, pattern: RegExp])[] = [
  ['garbage collection', /^\(garbage collector\)/],
  ['decode and check the segment', /^(decodeOwedSegment|parseHeader|decodeBase64|contentFault|segmentFault|sumOf) /],
  ['hash, checksum, sign', /crc32|crc64|sha256|hmac|^(getPayloadHash|signRequest|getSignature|stringHasher) /i],
  ['receive: text and JSON', /^(deserializeResponse|streamCollector|collectBody|read|parse|receivedMessage) .*\.mjs/],
  ['HTTP and sockets', / node:(_http|http|net|_tls|stream|internal\/stream|internal\/net|events)/],
  ['SDK: middleware and serializing', /\.mjs$/],
];

/** The main thread's busy time by stage, the largest share first. */
export function cpuShares({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly CpuShare[] {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const labels = new Map(nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName} ${callFrame.url}`]));
  const micros = new Map<string, number>();
  for (const [index, node] of samples.entries()) {
    const label = labels.get(node) ?? '';
    if (/^\((idle|program|root)\)/.test(label)) continue;
    const stage = stageOf(node, labels, parents);
    micros.set(stage, (micros.get(stage) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const total = [...micros.values()].reduce((sum, value) => sum + value, 0);
  return [...micros].map(([stage, value]) => ({ stage, share: value / total })).sort((a, b) => b.share - a.share);
}

function stageOf(leaf: number, labels: ReadonlyMap<number, string>, parents: ReadonlyMap<number, number>): string {
  const path: string[] = [];
  for (let node: number | undefined = leaf; node !== undefined; node = parents.get(node)) {
    path.push(labels.get(node) ?? '');
  }
  const known = stages.find(([, pattern]) => path.some((label) => pattern.test(label)));
  return known?.[0] ?? 'everything else';
}
