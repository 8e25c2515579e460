import { type AlertState, alertStateKey, noAlertState, parseAlertState } from '../../../../core/alerts/alert-state.ts';
import type { AlertRule } from '../../../../core/catalog/alert-rule.ts';
import type { Catalog } from '../../../../core/catalog/catalog.ts';
import { makeSnapshot, parseSnapshot } from '../../../../core/catalog/snapshot.ts';
import { figuresObject } from '../../../../core/figures/figures-object.ts';
import type { Counters, FiguresRow } from '../../../../core/figures/row.ts';
import { encodeHourState } from '../../../../core/ledger/hour-state.ts';
import { figuresKey, hourStateKey } from '../../../../core/ledger/object-keys.ts';
import { hourMs, hourName } from '../../../../core/log/log-key.ts';
import type { Answer } from '../../../../core/ports.ts';
import type { AlertInputs } from '../../../../lambda/notify/alerts/ports.ts';
import { type AlertsReport, createAlerts } from '../../../../lambda/notify/alerts/run-alerts.ts';
import { createFunction, type RegionName, type SimulatedWorld } from '../../../../simulation/world.ts';
import { contentFrom } from '../../../core/tracking/ask.ts';
import { home } from '../../world-view.ts';

/** A topic, and the figures and the state that alerts rest on. */

export interface Message {
  readonly subject: string;
  readonly body: string;
}

export class AlertScene {
  readonly world: SimulatedWorld;
  readonly messages: Message[] = [];
  /** What the topic answers. */
  answer: Answer = { status: 200, code: '' };
  readonly #catalog: Catalog;

  constructor(world: SimulatedWorld, rules: readonly AlertRule[]) {
    this.world = world;
    this.#catalog = catalogWith(rules);
  }

  /** One environment of `notify` in a region. */
  environment(region: RegionName = home, diesAtStep?: number) {
    const { world, messages } = this;
    const made = createFunction({
      world,
      home: region,
      functionName: 'notify',
      ...(diesAtStep !== undefined && { diesAtStep }),
    });
    const topic = {
      publish: async (subject: string, body: string) => {
        if (this.answer.status === 200) messages.push({ subject, body });
        return this.answer;
      },
    };
    const alerts = createAlerts({ ...made.stats, topic, deployment: 'clicks', region, timeZone: 'UTC' });
    return {
      run: (inputs: Partial<AlertInputs> = {}) =>
        made.environment.invoke(60_000, () => alerts({ catalog: this.#catalog, isOver: () => false, ...inputs })),
    };
  }

  /** Runs once in a new environment. */
  async run(inputs: Partial<AlertInputs> = {}, region: RegionName = home): Promise<AlertsReport | 'died'> {
    const result = await this.world.time.until(this.environment(region).run(inputs));
    return result.kind === 'returned' ? result.value : 'died';
  }

  /** Figures of an hour of UTC: the same counters in each quarter, of offer 1 and affiliate 7. */
  figures(
    hourStartMs: number,
    counters: Partial<Record<'clicks' | 'approved', number>>,
    lateness: Lateness = {},
  ): void {
    const { foldedToMs = hourStartMs + 2 * hourMs, unresolved = 0, region = home } = lateness;
    const { bucket } = this.world.regions[region];
    const part = (own: Counters, quarter: number) => {
      const { digest, gzip } = figuresObject([rowOf(hourStartMs, quarter, own)]);
      bucket.put(figuresKey(hourStartMs, digest), gzip);
      return { figures: digest, sources: '', totals: {} };
    };
    const quarters = [0, 1, 2, 3].map((quarter) => ({
      clicks: part({ clicks: BigInt(counters.clicks ?? 0) } as Counters, quarter),
      sales: part({ approved: BigInt(counters.approved ?? 0) } as Counters, quarter),
      ...{ events: 0, unknown: 0, redacted: 0 },
    }));
    const state = { ...emptyState, hour: hourName(hourStartMs), foldedToMs, unresolved, quarters };
    bucket.put(hourStateKey(hourStartMs), encodeHourState(state));
  }

  state(region: RegionName = home): AlertState {
    const object = this.world.regions[region].bucket.get(alertStateKey);
    return (object.kind === 'ok' && parseAlertState(object.value.body)) || noAlertState;
  }
}

interface Lateness {
  readonly foldedToMs?: number;
  readonly unresolved?: number;
  readonly region?: RegionName;
}

const emptyState = {
  revision: 0,
  cause: 'provisional',
  atMs: 0,
  rules: 2,
  generation: 2,
  ...{ listing: '', keys: '', received: '', figuresDigest: '', minutes: [], unreadable: [], totals: {} },
  ...{ segments: 0, faults: 0, events: 0, unknown: 0, redacted: 0 },
};

function rowOf(hourStartMs: number, quarter: number, counters: Counters): FiguresRow {
  const hour = hourName(hourStartMs);
  return { key: { hour, quarter, offerId: 1, affiliateId: 7, goalId: 0, region: home, currency: 'USD' }, counters };
}

function catalogWith(rules: readonly AlertRule[]): Catalog {
  const yaml = `network: { name: N }
advertisers: [{ id: 1, name: A }]
affiliates: [{ id: 7, name: Forum }]
offers: [{ id: 1, name: Shoes, advertiser_id: 1, offer_url: "https://a.example/?t={transaction_id}", payout: 1, revenue: 2 }]
alerts: ${JSON.stringify(rules)}
`;
  const parsed = parseSnapshot(makeSnapshot(contentFrom(yaml)).text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.catalog;
}
