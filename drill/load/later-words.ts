import { uuidTimeMs } from '../../core/event/uuid.ts';
import type { Clock } from '../../core/ports.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import type { CatalogText } from '../oracle/catalog-text.ts';
import { isActiveAffiliate } from '../oracle/catalog-text.ts';
import { drawFollowUp, type LinkSource, type SaleStatus } from './links.ts';
import type { OperatorDesk } from './operator-desk.ts';
import type { OperatorWord, Verdict } from './operator-words.ts';
import { type SaleSoFar, salesSoFar } from './sales-so-far.ts';
import type { Send } from './sender.ts';
import type { Workload } from './workload.ts';

export interface Speakers {
  readonly workload: Workload;
  readonly links: LinkSource;
  readonly desk: OperatorDesk;
  /** Advertisers send each later report through each of these. */
  readonly senders: readonly Send[];
  readonly seed: number;
  readonly clock: Clock;
}

/** A sale that was reported so long ago is in the log of a living region, where the command looks for it. */
const logMs = 15_000;

export interface SaidWords {
  /** Empty when all was said. */
  readonly errors: readonly string[];
  readonly words: readonly OperatorWord[];
}

/** What advertisers and operators say later about sales that the load has reported. */
export class LaterWords {
  readonly #speakers: Speakers;
  readonly #chance: () => number;
  readonly #decided = new Set<string>();
  readonly #said: OperatorWord[] = [];
  #adjustments = 0;

  constructor(speakers: Speakers) {
    this.#speakers = speakers;
    this.#chance = seededChance(speakers.seed + 2);
  }

  /** What operators have said so far. */
  get said(): readonly OperatorWord[] {
    return this.#said;
  }

  /** An operator decides on sales of this number, each once, by one file that is sent `times` times. */
  async decide(verdict: Verdict, count: number, times: number): Promise<SaidWords> {
    const isFit = fitFor(verdict);
    const sales = this.#sales().filter((sale) => isFit(sale) && !this.#decided.has(sale.id));
    const chosen = this.#choose(sales, count);
    if (chosen.length < count) return lacking(chosen, count, `to ${verdict}`);
    for (const { id } of chosen) this.#decided.add(id);
    const words = chosen.map(({ id, standing }): OperatorWord => {
      // A report may approve the sale meanwhile. The command leaves out what changes nothing, and an amount does change it.
      const isNew = verdict === 'reject' || (standing.why === 'approval' && standing.isPayKnown);
      const amount = isNew && verdict !== 'set-amount' ? '' : (1 + this.#chance() * 100).toFixed(2);
      return { type: 'decision', verdict, reportId: id, amount };
    });
    return this.#say(words, times);
  }

  /** An operator adds this number of adjustments, of today and of yesterday, by one file that is sent `times` times. */
  async adjust(count: number, times: number): Promise<SaidWords> {
    const words = Array.from({ length: count }, () => this.#adjustment());
    return this.#say(words, times);
  }

  /**
   * Advertisers report sales of this number anew with this status, each once through each sender. Most of these
   * advertisers prove who they are.
   */
  async report(status: SaleStatus, count: number): Promise<SaidWords> {
    const { workload, links, senders } = this.#speakers;
    const sales = this.#sales().filter(({ standing }) => standing.status !== status);
    const proven = this.#choose(
      sales.filter(({ isProven }) => isProven),
      Math.ceil(count * 0.75),
    );
    const others = this.#choose(
      sales.filter(({ isProven }) => !isProven),
      count - proven.length,
    );
    const chosen = [...proven, ...others];
    if (chosen.length < count) return lacking(chosen, count, `to report as ${status}`);
    const reports = chosen.map(({ link, transaction }) => drawFollowUp(link, transaction, status, links, this.#chance));
    await Promise.all(senders.flatMap((send) => reports.map((link) => workload.report(link, send))));
    return { errors: [], words: [] };
  }

  async #say(words: readonly OperatorWord[], times: number): Promise<SaidWords> {
    const errors = await this.#speakers.desk.say(words, times);
    if (errors.length === 0) this.#said.push(...words);
    return { errors, words };
  }

  #sales(): readonly SaleSoFar[] {
    const { workload, links, clock } = this.#speakers;
    const latestMs = clock.nowMs() - logMs;
    return salesSoFar(workload.records, links.catalog).filter(({ id }) => uuidTimeMs(id) <= latestMs);
  }

  #choose<Item>(items: readonly Item[], count: number): readonly Item[] {
    const left = [...items];
    const chosen: Item[] = [];
    while (chosen.length < count && left.length > 0)
      chosen.push(...left.splice(Math.floor(this.#chance() * left.length), 1));
    return chosen;
  }

  #adjustment(): OperatorWord {
    const { links, seed } = this.#speakers;
    const { catalog, day } = links;
    const [offer] = this.#choose([...catalog.offers.values()], 1);
    const [affiliate] = this.#choose(activeAffiliates(catalog), 1);
    const [goal] = this.#chance() < 0.5 ? this.#choose(offer?.goals ?? [], 1) : [];
    this.#adjustments += 1;
    return {
      type: 'adjustment',
      reference: `drill-${seed}-${this.#adjustments}`,
      day: this.#adjustments % 3 === 0 ? dayBefore(day) : day,
      offerId: offer?.id ?? 0,
      affiliateId: affiliate ?? 0,
      goalId: goal?.id ?? 0,
      currency: offer?.currency ?? catalog.currency,
      payout: this.#signedMoney(),
      revenue: this.#signedMoney(),
    };
  }

  #signedMoney(): string {
    return ((this.#chance() - 0.4) * 50).toFixed(2);
  }
}

/** What is rejected already needs no rejection, and only a price by the amount needs another amount. */
function fitFor(verdict: Verdict): (sale: SaleSoFar) => boolean {
  switch (verdict) {
    case 'approve':
      return ({ standing }) => standing.status !== 'approved';
    case 'reject':
      return ({ standing }) => standing.status === 'approved' || standing.status === 'pending';
    case 'set-amount':
      return ({ hasShare }) => hasShare;
  }
}

function lacking(chosen: readonly unknown[], count: number, what: string): SaidWords {
  return { errors: [`the load has reported only ${chosen.length} of ${count} sales ${what}`], words: [] };
}

function activeAffiliates(catalog: CatalogText): readonly number[] {
  return [...catalog.affiliates.keys()].filter((id) => isActiveAffiliate(catalog, id));
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
