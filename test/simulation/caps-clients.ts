import { limits } from '../../core/limits/limits.ts';
import type { DoorResult } from '../../lambda/track/front-door.ts';
import { type TrackSettings, trackFunction } from '../../simulation/track-function.ts';
import type { WarmFunction } from '../../simulation/warm-function.ts';
import { otherThan, type RegionName, regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { httpApiPayload } from '../lambda/track/door-payloads.ts';
import { answeredBy } from '../lambda/track/track-scene.ts';

export const advertiserToken = 'a-token-of-an-advertiser';

/** Where a visitor was sent. */
export interface SentOn {
  readonly offerId: number;
  readonly transactionId: string;
}

/** Visitors who click, and the advertiser's server. Both know the regions by DNS, which leads nobody to a dead one. */
export class Clients {
  readonly #world: SimulatedWorld;
  readonly #track: ReadonlyMap<RegionName, WarmFunction<unknown, DoorResult>>;
  readonly #open = new Set<Promise<unknown>>();

  constructor(world: SimulatedWorld, settings: TrackSettings) {
    this.#world = world;
    this.#track = new Map(regionNames.map((region) => [region, trackFunction(world, region, settings)]));
  }

  /** Begins `work` after a while. */
  later(delayMs: number, work: () => Promise<unknown>): void {
    this.#world.time.after(delayMs, () => {
      const begun = work();
      this.#open.add(begun);
      void begun.finally(() => this.#open.delete(begun)).catch(() => {});
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  /** Undefined when the visitor lands on no offer. */
  async click(region: RegionName, offerId: number, affiliateId: number): Promise<SentOn | undefined> {
    const answered = await this.#get(region, `/aff_c?offer_id=${offerId}&aff_id=${affiliateId}`);
    const [, offer, transactionId] = /^https:\/\/shop-(\d+)\.example\.com\/\?t=(.+)$/.exec(answered?.to ?? '') ?? [];
    return transactionId === undefined ? undefined : { offerId: Number(offer), transactionId };
  }

  /** The advertiser sends again, and to the other region, until the report is recorded. */
  async report(region: RegionName, transactionId: string, more = ''): Promise<void> {
    const goal = more.includes('goal_id') ? '/aff_goal?a=lsr&' : '/aff_lsr?';
    const target = `${goal}transaction_id=${transactionId}&security_token=${advertiserToken}${more}`;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const answered = await this.#get(attempt % 2 === 0 ? region : otherThan(region), target);
      if (answered?.status === 200) return;
      await this.#world.time.sleep(limits.capture.retryAfterSeconds * 1_000);
    }
    throw new Error('nobody records the report');
  }

  /** `track`'s schedule. */
  async probe(region: RegionName): Promise<void> {
    if (!this.#isDead(region)) await this.#invoke(region, { task: 'probe' });
  }

  async #get(wanted: RegionName, target: string) {
    const region = this.#isDead(wanted) ? otherThan(wanted) : wanted;
    const answered = await this.#invoke(region, httpApiPayload({ target, headers: { 'user-agent': 'Mozilla/5.0' } }));
    return answered && { status: answered.status, to: answered.headers['location'] ?? '' };
  }

  async #invoke(region: RegionName, payload: unknown) {
    const run = await this.#track.get(region)?.(payload);
    return run?.kind === 'returned' ? answeredBy(run.value) : undefined;
  }

  #isDead(region: RegionName): boolean {
    return this.#world.board.isPaused({ service: 'http', region });
  }
}
