import { isShiftedAway, isSwitchInForce, type Switch } from '../../../core/capture/switches.ts';
import { limits } from '../../../core/limits/limits.ts';
import { ageText, utcText } from '../../cli/format.ts';
import { whoAndWhen } from '../../cli/switch-text.ts';
import { expiresWithinSeconds, type QueueFacts } from '../../clients/queue-facts.ts';
import type { SwitchCopies } from '../../clients/switch-copies.ts';
import { postbackProblems } from './postback-facts.ts';
import type { RegionFacts, StatusFacts } from './status-facts.ts';

/** Problems for an operator, one line each, the most serious first. Empty = all is well. */
export function problemsIn(facts: StatusFacts): readonly string[] {
  const { regions } = facts;
  return [
    ...regions.flatMap(healthProblems),
    ...nameProblems(facts),
    ...regions.flatMap((one) => queuesProblems(one, facts.storeWindowSeconds)),
    ...regions.flatMap((one) => segmentProblems(one, facts.atMs)),
    ...regions.flatMap((one) => capsProblems(one, facts)),
    ...postbackProblems(facts),
    ...regions.flatMap(({ region, shift, storage }) => [
      ...copyProblems(region, 'shift', shift),
      ...copyProblems(region, 'storage', storage),
    ]),
  ];
}

/** Switches that an operator set and that are in force. They are no problem. */
export function switchesIn({ regions, atMs }: StatusFacts): readonly string[] {
  return regions.flatMap(({ region, shift, storage }) => {
    const inForce = [shift.holds, storage.holds].filter((one) => one !== undefined && isSwitchInForce(one, atMs));
    return inForce.flatMap((one) => (one ? [`${region}: ${describeSwitch(one)}`] : []));
  });
}

/** `shift away, set by ada at …`; a storage switch also has its end. */
export function describeSwitch(value: Switch): string {
  const until = 'until' in value ? ` until ${utcText(value.until)}` : '';
  return `${value.switch} ${value.set}${until}, ${whoAndWhen(value)}`;
}

function healthProblems({ region, health, drained }: RegionFacts): readonly string[] {
  return [
    ...(health?.kind === 'ill' ? [`${region}: /health ${health.reason}`] : []),
    ...(drained?.kind === 'unknown' ? [`${region}: its peer's /drained/${region} ${drained.reason}`] : []),
  ];
}

function nameProblems({ name, routing, hasDomain, regions }: StatusFacts): readonly string[] {
  if (name === undefined) return [];
  const nowhere = [...new Set(name.failures)].map(
    (reason) => `${name.url}: some requests were not answered (${reason})`,
  );
  const away = regions.filter(({ shift }) => isShiftedAway(shift.holds)).map(({ region }) => region);
  const both =
    away.length === regions.length ? ['both regions are shifted away: DNS then answers with the primary'] : [];
  if (!hasDomain || both.length > 0) return [...nowhere, ...both];
  const usable = regions.filter(({ region, health }) => health?.kind === 'well' && !away.includes(region));
  const expected = usable.slice(0, routing === 'failover' ? 1 : undefined).map(({ region }) => region);
  const elsewhere = Object.keys(name.regions).filter((region) => expected.length > 0 && !expected.includes(region));
  return [
    ...nowhere,
    ...elsewhere.map((region) => `${name.url}: leads to ${region}, and should lead to ${expected.join(' or ')}`),
  ];
}

/** A dead region hides all of its queues: that is one problem, and not one for each queue. */
function queuesProblems({ region, queues }: RegionFacts, storeWindowSeconds: number): readonly string[] {
  const silent = queues.flatMap(({ depth }) => (depth.kind === 'unknown' ? [depth.reason] : []));
  if (silent.length > 1 && silent.length === queues.length)
    return [`${region}: its queues cannot be read: ${silent[0]}`];
  return queues.flatMap((queue) => queueProblems(region, queue, storeWindowSeconds));
}

function queueProblems(region: string, queue: QueueFacts, storeWindowSeconds: number): readonly string[] {
  const { name, role, depth, oldestAgeSeconds } = queue;
  const where = `${region}: queue ${name}`;
  if (depth.kind === 'unknown') return [`${where} cannot be read: ${depth.reason}`];
  const { messages } = depth.value;
  if (messages === 0) return [];
  if (role === 'dead-letters') return [`${where} holds ${messages}: messages that could not be processed`];
  if (oldestAgeSeconds.kind === 'unknown')
    return [`${where} holds ${messages} of unknown age: ${oldestAgeSeconds.reason}`];
  const leftSeconds = expiresWithinSeconds(queue) ?? Number.POSITIVE_INFINITY;
  const old = `${where} holds ${messages}, the oldest for at least ${ageText(oldestAgeSeconds.value)}`;
  if (leftSeconds < limits.alarms.expiryLeastSeconds) return [`${old}: SQS deletes it within ${ageText(leftSeconds)}`];
  // `replay` receives these messages every minute. SQS soon leaves those that it cannot deliver out of the age.
  if (role === 'failure') return isOverdue(messages, oldestAgeSeconds.value) ? [`${old}: ${sinceWhen}`] : [];
  return oldestAgeSeconds.value > limits.alarms.intakeAgeSeconds + storeWindowSeconds ? [old] : [];
}

const sinceWhen = 'the dashboard shows how long it has not been empty';

/** Many messages are a problem at any age: the known age can be that of the newest ones. */
function isOverdue(messages: number, ageSeconds: number): boolean {
  return ageSeconds > limits.operator.owedAgeSeconds || messages > limits.operator.owedMessagesMax;
}

function segmentProblems({ region, lastSegmentAtMs }: RegionFacts, atMs: number): readonly string[] {
  if (lastSegmentAtMs.kind === 'unknown') return [`${region}: its log cannot be listed: ${lastSegmentAtMs.reason}`];
  const { nothingStoredMinutes } = limits.alarms;
  const ageMs = atMs - (lastSegmentAtMs.value ?? 0);
  if (lastSegmentAtMs.value !== undefined && ageMs <= nothingStoredMinutes * 60_000) return [];
  const age =
    lastSegmentAtMs.value === undefined ? `${limits.operator.lastSegmentHours} hours` : ageText(ageMs / 1_000);
  return [`${region}: no segment came into its log for ${age}`];
}

/** A region that is dead takes nothing, but only an operator can know that the peer is dead. */
function capsProblems({ region, caps }: RegionFacts, { atMs, regions }: StatusFacts): readonly string[] {
  if (caps.kind === 'unknown') return [`${region}: its counts of caps cannot be read: ${caps.reason}`];
  if (caps.value === undefined) return [];
  const { asOfMs, heardPeerMs = 0, isPartitioned, drained, hasComeOver } = caps.value;
  const ageSeconds = Math.max(0, atMs - asOfMs) / 1_000;
  if (ageSeconds > limits.statisticsAlarms.capsAgeSeconds) {
    return [`${region}: its counts of caps are ${ageText(ageSeconds)} old, so caps close late, or hard ones early`];
  }
  if (!isPartitioned || drained !== undefined) return [];
  const peer = regions.find((other) => other.region !== region)?.region;
  const silence = ageText(Math.max(0, atMs - heardPeerMs) / 1_000);
  const use = hasComeOver
    ? 'and has taken over its traffic: it uses all that caps have left'
    : 'and keeps to its share of what caps have left';
  return [
    `${region}: has not heard ${peer} for ${silence}, ${use}; if ${peer} is dead: keeptrack shift ${peer} --away`,
  ];
}

/** Setting the switch again repairs a copy that is missing on one side, or older. */
function copyProblems(
  region: string,
  name: Switch['switch'],
  { counting, own, holds }: SwitchCopies<Switch>,
): readonly string[] {
  if (counting.kind === 'unreadable') {
    const instead =
      own.kind === 'unreadable'
        ? 'the other copy cannot be read either'
        : 'functions that have not read it use the other copy';
    return [
      `${region}: the copy of its ${name} switch that decides cannot be read (${counting.problems.join('; ')}); ${instead}`,
    ];
  }
  if (own.kind === 'unreadable') return [];
  const ownAt = own.kind === 'switch' ? own.value.at : 0;
  if (ownAt === (holds?.at ?? 0)) return [];
  return [
    `${region}: the two copies of its ${name} switch differ; the one in its peer's log decides. Set the switch once more`,
  ];
}
