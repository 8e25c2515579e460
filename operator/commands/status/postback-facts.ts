import { limits } from '../../../core/limits/limits.ts';
import { type Heartbeat, heartbeatKey, parseHeartbeat } from '../../../core/postbacks/heartbeat.ts';
import { ageText, plural } from '../../cli/format.ts';
import type { Deployment } from '../../clients/deployment.ts';
import type { Learned } from '../../clients/queue-facts.ts';
import { regionObject } from './region-object.ts';
import type { RegionFacts, StatusFacts } from './status-facts.ts';

/** What a region's `notify` said last. Undefined = it has said nothing yet, or the deployment tells no partner. */
export function heartbeatOf(deployment: Deployment, region: string): Promise<Learned<Heartbeat | undefined>> {
  return deployment.config.postbacks
    ? regionObject(deployment, region, { key: heartbeatKey(region), parse: parseHeartbeat })
    : Promise.resolve({ kind: 'known', value: undefined });
}

/** `told up to 40 s ago, 3 minutes wait, 1 postback suspended` */
export function postbacksSummary({ toldToMs, dueMinutes, suspended }: Heartbeat, atMs: number): string {
  return [
    toldToMs === 0 ? 'nothing told yet' : `told up to ${agoText(toldToMs, atMs)} ago`,
    ...(dueMinutes > 0 ? [`${plural(dueMinutes, 'minute')} of conversions to be sent or tried again`] : []),
    ...(suspended.length > 0 ? [`${plural(suspended.length, 'postback')} suspended`] : []),
  ].join(', ');
}

const { silentMinutes, lagSeconds } = limits.notifyAlarms;

export function postbackProblems({ regions, atMs }: Pick<StatusFacts, 'regions' | 'atMs'>): readonly string[] {
  return [...regions.flatMap((one) => regionProblems(one, atMs)), ...suspendedProblems(regions)];
}

function regionProblems({ region, postbacks }: RegionFacts, atMs: number): readonly string[] {
  if (postbacks.kind === 'unknown') return [`${region}: what notify says cannot be read: ${postbacks.reason}`];
  if (postbacks.value === undefined) return [];
  const { atMs: ranAtMs, toldToMs } = postbacks.value;
  if (atMs - ranAtMs > silentMinutes * 60_000)
    return [`${region}: notify has not ended a run for ${agoText(ranAtMs, atMs)}: nobody tells partners here`];
  // A region that has folded nothing yet is new.
  if (toldToMs === 0 || atMs - toldToMs <= lagSeconds * 1_000) return [];
  return [`${region}: postbacks are late: conversions of the last ${agoText(toldToMs, atMs)} were not told yet`];
}

/** Both regions know the same postbacks. The one that ran last knows most. */
function suspendedProblems(regions: readonly RegionFacts[]): readonly string[] {
  const known = regions.flatMap(({ postbacks }) =>
    postbacks.kind === 'known' && postbacks.value ? [postbacks.value] : [],
  );
  const [newest] = known.toSorted((one, other) => other.atMs - one.atMs);
  return (newest?.suspended ?? []).map(
    (id) => `postback ${id} is suspended, because its partner has not answered for a day: keeptrack postbacks list`,
  );
}

function agoText(timeMs: number, atMs: number): string {
  return ageText(Math.max(0, atMs - timeMs) / 1_000);
}
