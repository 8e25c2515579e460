import type { ShiftSwitch } from '../../../core/capture/switches.ts';
import { limits } from '../../../core/limits/limits.ts';
import { utcText } from '../../cli/format.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Waited, waitUntil } from '../../cli/wait-until.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { askDrained, askHealth, askName, type NameAnswers, nameText } from '../../clients/health-pages.ts';

/** The effect of a shift: lines for people, the JSON result, and what did not happen in time. */
export interface Followed {
  readonly lines: readonly string[];
  readonly result: { readonly peerSays?: Waited; readonly name?: Waited };
  readonly problems: readonly string[];
}

const { drainedWaitMs, nameWaitMs } = limits.operator;

/** Waits until the peer reports the new state, and then until the tracking name follows. */
export async function followShift(value: ShiftSwitch, deployment: Deployment, shell: Shell): Promise<Followed> {
  const { region, set, by, at } = value;
  const first = `${region}: ${set}, recorded for ${by} at ${utcText(at)}`;
  const peerSays = await waitForPeer(value, deployment, shell);
  if (peerSays === undefined) {
    return { lines: [first, 'The config has no domain: no DNS name follows this switch.'], result: {}, problems: [] };
  }
  const peer = deployment.peerOf(region);
  if (peerSays.kind === 'gave-up') {
    const problem = `${peer} does not say within ${drainedWaitMs / 1_000} s that ${region} is ${stateOf(set)}: ${peerSays.now}`;
    return {
      lines: [first],
      result: { peerSays },
      problems: [problem, 'The switch is written. Run keeptrack status to see what follows it.'],
    };
  }
  const said = `${peer} says that ${region} is ${stateOf(set)}, after ${seconds(peerSays)}`;
  const name = await followName(value, deployment, shell);
  return {
    lines: [first, said, ...name.lines],
    result: { peerSays, ...name.result },
    problems: name.problems,
  };
}

function stateOf(set: ShiftSwitch['set']): string {
  return set === 'away' ? 'drained' : 'not drained';
}

async function waitForPeer({ region, set }: ShiftSwitch, deployment: Deployment, shell: Shell) {
  const peer = deployment.peerOf(region);
  const origin = deployment.regionUrl(peer);
  if (origin === undefined) return undefined;
  const wanted = set === 'away' ? 'drained' : 'not-drained';
  const look = async () => {
    const said = await askDrained(shell.http, origin, region);
    if (said.kind === wanted) return { kind: 'reached' } as const;
    return { kind: 'not-yet', now: said.kind === 'unknown' ? `it ${said.reason}` : `it says ${said.kind}` } as const;
  };
  return waitUntil(`${peer} says that ${region} is ${stateOf(set)}`, look, drainedWaitMs, shell);
}

async function followName(value: ShiftSwitch, deployment: Deployment, shell: Shell): Promise<Followed> {
  const goal = await nameGoal(value, deployment, shell);
  if (goal.kind === 'none') return { lines: [goal.reason], result: {}, problems: [] };
  const { trackingUrl = '' } = deployment;
  const what = `${trackingUrl} leads to ${goal.region}`;
  shell.progress(meanwhile(value));
  const look = async () => {
    const answers = await askName(shell.http, trackingUrl);
    if (goal.isReached(answers)) return { kind: 'reached' } as const;
    return { kind: 'not-yet', now: `it leads to ${nameText(answers)}` } as const;
  };
  const name = await waitUntil(what, look, nameWaitMs, shell);
  if (name.kind === 'reached')
    return { lines: [`${what}, after ${seconds(name)} more`], result: { name }, problems: [] };
  const problem = `${trackingUrl} does not lead to ${goal.region} after ${nameWaitMs / 1_000} s: ${name.now}`;
  return {
    lines: [],
    result: { name },
    problems: [problem, 'The switch is written. Run keeptrack status to see what follows it.'],
  };
}

type NameGoal =
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'goal'; readonly region: string; isReached(answers: NameAnswers): boolean };

/** What to wait for, or why there is nothing to wait for. */
async function nameGoal(
  { region, set }: ShiftSwitch,
  { config, peerOf, regionUrl, regions: [primary] }: Deployment,
  { http }: Shell,
): Promise<NameGoal> {
  const none = (reason: string) => ({ kind: 'none', reason }) as const;
  if (config.domain === undefined) return none('The config has no domain: no DNS name follows this switch.');
  if (set === 'away') return { kind: 'goal', region: peerOf(region), isReached: leadsOnlyTo(peerOf(region)) };
  const isWeighted = config.routing === 'weighted';
  if (!isWeighted && region !== primary) return none(`The name leads to ${primary} as long as ${primary} is well.`);
  const health = await askHealth(http, regionUrl(region) ?? '');
  if (health.kind === 'ill')
    return none(`The name will lead to ${region} when ${region} is well. Now: /health ${health.reason}.`);
  const leadsToIt = ({ regions }: NameAnswers) => (regions[region] ?? 0) > 0;
  return { kind: 'goal', region, isReached: isWeighted ? leadsToIt : leadsOnlyTo(region) };
}

function leadsOnlyTo(region: string): (answers: NameAnswers) => boolean {
  return ({ regions, failures }) => failures.length === 0 && Object.keys(regions).every((one) => one === region);
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html: 60 s. */
function meanwhile({ region, set }: ShiftSwitch): string {
  return set === 'away'
    ? `Health checks notice within about 40 s. Clients keep the old address for up to 60 s more. Until then ${region} answers them if it lives. If it is dead, they get no answer.`
    : 'Health checks notice within about 40 s. Clients keep the old address for up to 60 s more, and that region answers them until then.';
}

function seconds({ afterMs }: Waited): string {
  return `${Math.round(afterMs / 1_000)} s`;
}
