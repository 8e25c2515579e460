import { alertMessage } from '../../../core/alerts/alert-message.ts';
import type { AlertState, RuleReadings } from '../../../core/alerts/alert-state.ts';
import { capSignals } from '../../../core/alerts/cap-signals.ts';
import {
  afterSending,
  beingSent,
  type Episode,
  nextEpisodes,
  type Signal,
  type SignalSource,
  sourceOf,
  untold,
} from '../../../core/alerts/episodes.ts';
import { subjectOf } from '../../../core/alerts/tally.ts';
import { answerText, isTaken } from '../../../core/call-outcome.ts';
import type { Catalog } from '../../../core/catalog/catalog.ts';
import { limits } from '../../../core/limits/limits.ts';
import { metrics } from '../../../core/metrics.ts';
import { AlertStore, StateSilent } from './alert-store.ts';
import { judgeRules } from './judge-rules.ts';
import type { AlertInputs, AlertPorts, SuspendedPostback } from './ports.ts';
import { FiguresSilent, TallyReader } from './read-tallies.ts';

export interface AlertsReport {
  /** Episodes that this run told. */
  readonly told: number;
  /** Why rules of the catalog were not judged. */
  readonly quiet?: string;
  /** Why nothing was done. */
  readonly left?: string;
}

/**
 * Looks for alerts and tells them, for the region that leads. Runs may overlap, and never tell the same alert twice. Only
 * a run that dies after its message is sent again. Never throws for what a service does.
 */
export function createAlerts(ports: AlertPorts): (inputs: AlertInputs) => Promise<AlertsReport> {
  let reader: TallyReader | undefined;
  return async (inputs) => {
    const subjects = new Set(inputs.catalog.alerts.map(subjectOf));
    if (!reader?.isFor(subjects)) reader = new TallyReader(ports.buckets.home.bucket, subjects);
    reader.beginRun(inputs.isOver);
    const found = await findSignals(ports, inputs, reader);
    ports.metrics.gauge(metrics.alertsQuiet, found.quiet === undefined ? 0 : 1);
    try {
      const told = await tell(ports, found);
      return { told, ...(found.quiet !== undefined && { quiet: found.quiet }) };
    } catch (error) {
      if (!(error instanceof StateSilent)) throw error;
      ports.log.warn('alerts are left to the next run', { why: error.message });
      return { told: 0, left: error.message };
    }
  };
}

interface Found {
  readonly signals: readonly Signal[];
  readonly read: ReadonlySet<SignalSource>;
  /** Absent while rules stay quiet. */
  readonly rules?: RuleReadings;
  readonly quiet?: string;
}

async function findSignals(ports: AlertPorts, inputs: AlertInputs, reader: TallyReader): Promise<Found> {
  const { catalog, capCounts, suspended } = inputs;
  const signals: Signal[] = [];
  const read = new Set<SignalSource>();
  if (capCounts !== undefined) {
    read.add('cap');
    signals.push(...capSignals(capCounts.caps, capCounts.alertPercent, catalog));
  }
  if (suspended !== undefined) {
    read.add('postback');
    signals.push(...suspended.map((postback) => suspendedSignal(postback, catalog)));
  }
  try {
    if (capCounts?.isPartitioned) throw new FiguresSilent('the other region has not been heard of');
    const judged = await judgeRules(catalog, reader, { nowMs: ports.clock.nowMs(), timeZone: ports.timeZone });
    return { signals: [...signals, ...judged.signals], read: new Set([...read, 'rule']), rules: judged.rules };
  } catch (error) {
    if (!(error instanceof FiguresSilent)) throw error;
    return { signals, read, quiet: error.message };
  }
}

function suspendedSignal({ postbackId, sinceMs }: SuspendedPostback, { postbacks }: Catalog): Signal {
  const { affiliate_id: affiliateId = 0 } = postbacks.get(postbackId) ?? {};
  const of = affiliateId === 0 ? '' : ` of affiliate ${affiliateId}`;
  return {
    key: `postback/${postbackId}`,
    of: `${sinceMs}`,
    verdict: 'out',
    says: [
      `Postback ${postbackId}${of} is suspended, because all its attempts failed for a day. Nothing more is sent to it.`,
      `Look at: keeptrack postbacks show ${postbackId}; keeptrack postbacks resume ${postbackId} sends what waits.`,
    ].join(' '),
  };
}

/** Gives how many episodes were told. */
async function tell(ports: AlertPorts, found: Found): Promise<number> {
  const store = new AlertStore(ports);
  let due: readonly Episode[] = [];
  let begun: readonly Episode[] = [];
  const planned = await store.change((before) => {
    const nowMs = Math.floor(ports.clock.nowMs());
    const episodes = nextEpisodes(before.episodes, { ...found, nowMs });
    begun = episodes.filter(({ beganAtMs, toldAtMs }) => beganAtMs === nowMs && toldAtMs === undefined);
    due = untold(episodes, nowMs);
    const sending = new Map(due.map((episode) => [episode.key, beingSent(episode, nowMs)]));
    return {
      episodes: episodes.map((episode) => sending.get(episode.key) ?? episode),
      rules: found.rules ?? before.rules,
    };
  });
  for (const { key, says } of begun) {
    ports.metrics.count(metrics.alertsBegun, 1, { source: sourceOf(key) });
    ports.log.warn('an alert began', { key, says });
  }
  const state = due.length === 0 ? planned : await send(ports, store, due);
  await store.copy(state);
  return due.filter(({ key }) => state.episodes.find((one) => one.key === key)?.toldAtMs !== undefined).length;
}

async function send(ports: AlertPorts, store: AlertStore, due: readonly Episode[]): Promise<AlertState> {
  const { subject, body } = alertMessage(ports.deployment, ports.region, due);
  const answer = await ports.topic.publish(subject, body, limits.alerts.publishBudgetMs);
  const wasSent = isTaken(answer);
  if (!wasSent) {
    ports.metrics.count(metrics.alertMessagesFailed, 1);
    ports.log.error('a message about alerts was not taken', { why: answerText(answer) });
  }
  const began = new Map(due.map(({ key, beganAtMs }) => [key, beganAtMs]));
  return store.change((before) => ({
    ...before,
    episodes: before.episodes.map((episode) =>
      began.get(episode.key) === episode.beganAtMs
        ? afterSending(episode, wasSent, Math.floor(ports.clock.nowMs()))
        : episode,
    ),
  }));
}
