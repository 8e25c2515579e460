import { answerText } from '../../../core/call-outcome.ts';
import { limits } from '../../../core/limits/limits.ts';
import { hourPrefix, parseLogKey, recentHours } from '../../../core/log/log-key.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { askDrained, askHealth, askName } from '../../clients/health-pages.ts';
import { openLogClient } from '../../clients/log-client.ts';
import type { Learned } from '../../clients/queue-facts.ts';
import { queuesOf } from '../../clients/queue-facts.ts';
import { readSwitch } from '../../clients/switch-copies.ts';
import { capCountsOf, throttledPerSecond } from './cap-facts.ts';
import { heartbeatOf } from './postback-facts.ts';
import type { RegionFacts, StatusFacts } from './status-facts.ts';

/** Asks for everything at once, each request with its own time limit: a dead region hides only itself. */
export async function gatherFacts(deployment: Deployment, shell: Shell): Promise<StatusFacts> {
  const { config, trackingUrl, regions } = deployment;
  const atMs = shell.clock.nowMs();
  const [answers, ...facts] = await Promise.all([
    trackingUrl === undefined ? undefined : askName(shell.http, trackingUrl),
    ...regions.map((region) => factsOf(region, deployment, shell, atMs)),
  ]);
  return {
    atMs,
    routing: config.routing,
    hasDomain: config.domain !== undefined,
    storeWindowSeconds: config.storeWindowSeconds,
    throttledPerSecond: throttledPerSecond(config),
    ...(answers && trackingUrl !== undefined && { name: { url: trackingUrl, ...answers } }),
    regions: facts,
  };
}

async function factsOf(region: string, deployment: Deployment, { http }: Shell, atMs: number): Promise<RegionFacts> {
  const origin = deployment.regionUrl(region);
  const peerOrigin = deployment.regionUrl(deployment.peerOf(region));
  const [health, drained, queues, shift, storage, lastSegmentAtMs, caps, postbacks] = await Promise.all([
    origin === undefined ? undefined : askHealth(http, origin),
    peerOrigin === undefined ? undefined : askDrained(http, peerOrigin, region),
    queuesOf(deployment, region, atMs),
    readSwitch(deployment, 'shift', region),
    readSwitch(deployment, 'storage', region),
    lastSegmentIn(deployment, region, atMs),
    capCountsOf(deployment, region),
    heartbeatOf(deployment, region),
  ]);
  return {
    region,
    ...(health && { health }),
    ...(drained && { drained }),
    queues,
    shift,
    storage,
    lastSegmentAtMs,
    caps,
    postbacks,
  };
}

/**
 * Lists the newest hours until one has a segment. Keys are hashes, so the newest segment needs the whole hour's list.
 */
async function lastSegmentIn(
  deployment: Deployment,
  region: string,
  atMs: number,
): Promise<Learned<number | undefined>> {
  const log = openLogClient(deployment, region);
  try {
    for (const hourStartMs of recentHours(atMs, limits.operator.lastSegmentHours)) {
      const listed = await log.list(hourPrefix(hourStartMs));
      if (listed.kind === 'failed') return { kind: 'unknown', reason: answerText(listed.answer) };
      const segments = listed.value.objects.filter(({ key }) => parseLogKey(key));
      if (segments.length > 0) {
        return { kind: 'known', value: segments.reduce((newest, one) => Math.max(newest, one.writtenAtMs), 0) };
      }
    }
    return { kind: 'known', value: undefined };
  } finally {
    log.close();
  }
}
