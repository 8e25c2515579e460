import { limits } from '../../../core/limits/limits.ts';
import type { Shell } from '../../cli/shell.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { askHealth } from '../../clients/health-pages.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { answeredTransactionId } from './answer-judges.ts';
import type { Chosen } from './choose-offer.ts';
import { type FoundEvents, findEvents } from './find-events.ts';
import { conversionChecks, pageChecks } from './server-checks.ts';
import { eventProblems, judgeAnswer, type SmokeCheck, type SmokeOutcome } from './smoke-check.ts';
import { jsonClick, overHttpChecks, visitorChecks } from './visitor-checks.ts';

export interface SmokePlan {
  /** Origin of a region or of the tracking name. */
  readonly url: string;
  readonly chosen: Chosen;
  /** Marks the events of this run. */
  readonly run: string;
  /** Regions whose logs must get the events. */
  readonly logs: readonly string[];
}

export interface SmokeRun extends Omit<SmokePlan, 'chosen'> {
  /** The region that answered. */
  readonly region: string;
  readonly outcomes: readonly SmokeOutcome[];
}

export type Smoked =
  | { readonly kind: 'run'; readonly smoke: SmokeRun }
  | { readonly kind: 'no-answer'; readonly reason: string };

/** Sends all requests one after the other, and then looks for the acknowledged events in all logs at once. */
export async function smoke(plan: SmokePlan, deployment: Deployment, shell: Shell): Promise<Smoked> {
  const { chosen, ...known } = plan;
  const { url, logs, run } = known;
  const health = await askHealth(shell.http, url);
  if (health.kind === 'ill') return { kind: 'no-answer', reason: `/health ${health.reason}` };
  const sent = await sendAll(url, health.region, chosen, run, deployment, shell);
  const ids = sent.flatMap(({ check, outcome }) => (check.event && outcome.eventId !== '' ? [outcome.eventId] : []));
  shell.progress(
    `${sent.length} requests sent to ${url}; looking for ${ids.length} events in the log of ${logs.join(' and ')}`,
  );
  const found = await findInAll(ids, logs, deployment, shell);
  const outcomes = sent.map(({ check, outcome }) => ({
    ...outcome,
    problems: [...outcome.problems, ...logProblems(check, outcome, found)],
  }));
  return { kind: 'run', smoke: { ...known, region: health.region, outcomes } };
}

interface Sent {
  readonly check: SmokeCheck;
  readonly outcome: SmokeOutcome;
}

async function sendAll(
  url: string,
  region: string,
  chosen: Chosen,
  run: string,
  { peerOf, overHttpOf }: Deployment,
  shell: Shell,
): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  let transactionId = '';
  const overHttpUrl = overHttpOf(url);
  const send = async (check: SmokeCheck) => {
    const { method = 'GET', target, headers = {}, body } = check;
    const origin = check.isOverHttp ? (overHttpUrl ?? url) : url;
    const request = { origin, target, method, budgetMs: limits.operator.requestMs };
    const answer = await shell.http({
      ...request,
      // The user agent of an HTTP library would make previews by a robot of the clicks.
      headers: { 'user-agent': 'Mozilla/5.0 (keeptrack-smoke)', ...headers },
      ...(body !== undefined && { body }),
    });
    if (check.name === jsonClick) transactionId = answeredTransactionId(answer.body);
    sent.push({ check, outcome: judgeAnswer(check, answer) });
  };
  const overHttp = overHttpUrl === undefined ? [] : overHttpChecks(chosen, run);
  for (const check of [...pageChecks(region, peerOf(region)), ...visitorChecks(chosen, run), ...overHttp])
    await send(check);
  for (const check of conversionChecks(chosen, run, transactionId)) await send(check);
  return sent;
}

type FoundInLogs = readonly (FoundEvents & { readonly region: string })[];

function findInAll(
  ids: readonly string[],
  regions: readonly string[],
  deployment: Deployment,
  shell: Shell,
): Promise<FoundInLogs> {
  return Promise.all(
    regions.map(async (region) => {
      const log = openLogClient(deployment, region);
      try {
        return { region, ...(await findEvents(log, region, ids, shell)) };
      } finally {
        log.close();
      }
    }),
  );
}

function logProblems({ event: wanted }: SmokeCheck, { eventId }: SmokeOutcome, found: FoundInLogs): readonly string[] {
  if (wanted === undefined || eventId === '') return [];
  return found.flatMap(({ region, events, problem }) => {
    const event = events.get(eventId);
    if (event !== undefined) return eventProblems(wanted, event).map((one) => `log of ${region}: ${one}`);
    return [`not found in the log of ${region}${problem === undefined ? '' : `: ${problem}`}`];
  });
}
