import type { CatalogContent, Postback } from '../../../core/catalog/catalog.ts';
import { encodePublications, publicationsKey } from '../../../core/catalog/publications.ts';
import { catalogKey, makeSnapshot, parseSnapshot } from '../../../core/catalog/snapshot.ts';
import { type EventFields, type LoggedEvent, parseLine } from '../../../core/event/event.ts';
import { digestOf } from '../../../core/ledger/object-keys.ts';
import { minuteStart } from '../../../core/log/log-key.ts';
import { deliveriesPrefix } from '../../../core/postbacks/delivery-keys.ts';
import { type Delivery, parseDeliveryState } from '../../../core/postbacks/delivery-state.ts';
import { outboxKey } from '../../../core/postbacks/outbox-key.ts';
import { encodeOutbox, type OutboxLine } from '../../../core/postbacks/outbox-line.ts';
import type { PostbackOutcome, PostbackRequest } from '../../../core/postbacks/outcome.ts';
import type { FactsWanted } from '../../../lambda/notify/find-facts.ts';
import type { NotifyReport } from '../../../lambda/notify/notify.ts';
import type { NotifyPorts } from '../../../lambda/notify/notify-run.ts';
import { foldOnce, notifyOnce, type RunOptions } from '../../../simulation/functions.ts';
import type { RegionName, SimulatedWorld } from '../../../simulation/world.ts';
import { idOf, sampleLine, sampleMs } from '../../sample-lines.ts';
import { logSegments } from '../figures-view.ts';
import { smallCatalog } from '../track/small-catalog.ts';
import { home, peer } from '../world-view.ts';

/** What tests of `notify` do to a world and see in it. */

export function postback(id: number, fields: Partial<Postback> = {}): Postback {
  const url = `https://partner-${id}.example.com/in?conversion={conversion_id}&payout={payout}&id={idempotency_id}`;
  return { id, affiliate_id: 0, offer_id: 0, url, method: 'GET', on: ['approved'], status: 'active', ...fields };
}

/** Publishes postbacks in both regions, as the operator's tool does. */
export function publish(world: SimulatedWorld, postbacks: readonly Postback[], atMs = sampleMs - 3_600_000): void {
  const parsed = parseSnapshot(smallCatalog('network').text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  const content: CatalogContent = { ...parsed.content, postbacks };
  const { text, version } = makeSnapshot(content);
  for (const region of [home, peer] as const) {
    const { bucket } = world.regions[region];
    bucket.put(catalogKey, Buffer.from(text));
    bucket.put(publicationsKey, encodePublications([{ version, atMs, by: 'ada' }]));
  }
}

/** A report worth 2.50 to affiliate 7; the same `which` is one conversion. */
export function report(seq: number, which: number, fields: EventFields = {}, atMs = sampleMs): string {
  const conversion_key = which.toString(16).padStart(32, '0');
  const paid = { currency: 'USD', payout_type: 'cpa_flat', payout: '2.50', revenue_type: 'cpa_flat', revenue: '3' };
  const marks = { type: 'conversion', rules: 2, status: 'approved', aff_id: 7, sender: 'proven', conversion_key };
  return sampleLine(seq, atMs + seq, { ...marks, ...paid, ...fields });
}

/** The lines are in both logs, and both regions have folded them. */
export async function folded(world: SimulatedWorld, lines: readonly string[]): Promise<void> {
  for (const region of [home, peer] as const) {
    logSegments(world, lines, region);
    await world.time.until(foldOnce(world, region));
  }
}

/** Home's outbox has approved conversions, as a fold would write them. */
export function outboxHas(world: SimulatedWorld, which: readonly number[]): void {
  const lines = which.map((number): OutboxLine => {
    const firstId = idOf(report(number, number));
    const ids = { key: number.toString(16).padStart(32, '0'), firstId, standingId: firstId };
    return { ...ids, standing: 'approved', offerId: 15, affiliateId: 7, goalId: 0, currency: 'USD', payout: '2.50' };
  });
  const key = outboxKey({
    writtenAtMs: world.time.nowMs(),
    minuteMs: minuteStart(sampleMs),
    name: digestOf([`${which}`]),
  });
  world.regions[home].bucket.put(key, encodeOutbox(lines));
}

/** The servers of partners. They count what they get. */
export class Partners {
  readonly got: PostbackRequest[] = [];
  /** Whose facts were looked up. */
  readonly wanted: FactsWanted[] = [];
  /** How a host answers, and after how long; else it answers 200 after 50 ms. */
  readonly answers = new Map<string, () => PostbackOutcome>();
  readonly #world: SimulatedWorld;

  constructor(world: SimulatedWorld) {
    this.#world = world;
  }

  /** The conversion ids that a host was told of, in the order of arrival. */
  toldTo(postbackId: number): readonly string[] {
    const host = hostOf(postbackId);
    return this.got.map(({ url }) => new URL(url)).flatMap((url) => (url.host === host ? conversionOf(url) : []));
  }

  answer(postbackId: number, outcome: PostbackOutcome | (() => PostbackOutcome)): void {
    this.answers.set(hostOf(postbackId), typeof outcome === 'function' ? outcome : () => outcome);
  }

  get ports(): Pick<NotifyPorts, 'send' | 'openFacts'> {
    return {
      send: async (request, budgetMs) => {
        this.got.push(request);
        const outcome = this.answers.get(new URL(request.url).host)?.() ?? { kind: 'delivered', status: 200, ms: 50 };
        await this.#world.time.sleep(Math.min(outcome.ms, budgetMs));
        return outcome;
      },
      openFacts: () => async (wanted) => {
        this.wanted.push(...wanted);
        return { facts: new Map(), unread: new Set() };
      },
    };
  }
}

export const timeout: PostbackOutcome = { kind: 'failed', why: 'timeout', ms: 10_000 };
export const unavailable: PostbackOutcome = { kind: 'failed', why: 'status', status: 503, ms: 50 };

function hostOf(postbackId: number): string {
  return `partner-${postbackId}.example.com`;
}

function conversionOf(url: URL): string {
  return url.searchParams.get('conversion') ?? '';
}

export async function notify(
  world: SimulatedWorld,
  partners: Partners,
  region: RegionName = home,
  options: RunOptions = {},
): Promise<NotifyReport | 'died'> {
  const result = await world.time.until(notifyOnce(world, region, { partners: partners.ports, ...options }));
  return result.kind === 'died' ? 'died' : result.value;
}

/** All deliveries that a region's bucket knows, by conversion id and postback. */
export function deliveries(world: SimulatedWorld, region: RegionName = home): readonly Delivery[] {
  const { bucket } = world.regions[region];
  return bucket.keys(deliveriesPrefix).flatMap((key) => {
    const object = bucket.get(key);
    const state = object.kind === 'ok' ? parseDeliveryState(object.value.body) : undefined;
    return [...(state?.deliveries.values() ?? [])];
  });
}

/** Events of attempts that stand in the intake queue of a region. */
export function attemptEvents(world: SimulatedWorld, region: RegionName = home): readonly LoggedEvent[] {
  const lines = world.regions[region].intake.messages().flatMap(({ body }) => body.split('\n'));
  return lines.flatMap((line) => {
    const parsed = parseLine(line);
    return parsed.kind === 'event' && parsed.event.type === 'postback' ? [parsed.event] : [];
  });
}
