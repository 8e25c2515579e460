/** What the drive sends, and the figures that must come of it. The amounts are those of examples/catalog.yaml. */

/** Counters of one offer and affiliate. Money in the offer's currency, in millionths. */
export interface Figures {
  clicks: number;
  unique_clicks: number;
  impressions: number;
  approved: number;
  duplicates: number;
  payout: number;
  revenue: number;
}

const million = 1_000_000;
const sale = { offer: 1500, affiliate: 1001, payout: 3 * million, revenue: 4.5 * million };
const purchase = { offer: 488, goal: 9, affiliate: 10001, payoutShare: 0.1, revenueShare: 0.15 };
const paidClick = { offer: 1323, affiliate: 2001, payout: 0.08 * million, revenue: 0.11 * million };
const banner = { offer: 480, affiliate: 48001, payout: 1_750, revenue: 2_400 };

/** Sends one request, and returns its answer. `visitor` becomes a browser of its own. */
export type Send = (path: string, visitor: string) => Promise<Answer>;

export interface Answer {
  readonly status: number;
  readonly location: string;
  readonly body: string;
  /** The rung that took the event. */
  readonly captured: string;
}

/** Keeps count of what was sent. */
export class Visits {
  readonly figures = new Map<string, Figures>();
  requests = 0;
  #visitors = 0;

  /** Everything that this project counts, once. `repeat` sends the second report of a conversion, perhaps elsewhere. */
  async round(send: Send, repeat: Send): Promise<void> {
    const transaction = await this.#sale(send);
    await this.#convert(repeat, transaction, sale, { duplicates: 1 });
    await this.#purchases(send);
    for (let clicks = 0; clicks < 3; clicks += 1) await this.#click(send, paidClick, this.#newVisitor(), paidClick);
    const visitor = this.#newVisitor();
    for (let impressions = 0; impressions < 2; impressions += 1) {
      taken(await this.#send(send, `/aff_i?offer_id=${banner.offer}&aff_id=${banner.affiliate}`, visitor), 200);
      this.#add(banner, { impressions: 1, payout: banner.payout, revenue: banner.revenue });
    }
  }

  /** Two clicks of one visitor, of which one becomes a sale. Returns its transaction id. */
  async #sale(send: Send): Promise<string> {
    const visitor = this.#newVisitor();
    const transaction = await this.#click(send, sale, visitor, { payout: 0, revenue: 0 });
    await this.#click(send, sale, visitor, { payout: 0, revenue: 0 }, 0);
    await this.#convert(send, transaction, sale, { approved: 1, payout: sale.payout, revenue: sale.revenue });
    return transaction;
  }

  /** Two purchases of one click, each with a share of its amount. */
  async #purchases(send: Send): Promise<void> {
    const transaction = await this.#click(send, purchase, this.#newVisitor(), { payout: 0, revenue: 0 });
    for (const [order, amount] of [20, 54.4].entries()) {
      const payout = Math.round(amount * purchase.payoutShare * million);
      const revenue = Math.round(amount * purchase.revenueShare * million);
      const query = `a=lsr&goal_id=${purchase.goal}&amount=${amount}&adv_sub=order-${order}&transaction_id=${transaction}`;
      taken(await this.#send(send, `/aff_goal?${query}`, 'server'), 200);
      this.#add(purchase, { approved: 1, payout, revenue });
    }
  }

  async #click(
    send: Send,
    { offer, affiliate }: OfferAndAffiliate,
    visitor: string,
    { payout, revenue }: Pick<Figures, 'payout' | 'revenue'>,
    unique = 1,
  ): Promise<string> {
    const answer = await this.#send(send, `/aff_c?offer_id=${offer}&aff_id=${affiliate}`, visitor);
    taken(answer, 302);
    this.#add({ offer, affiliate }, { clicks: 1, unique_clicks: unique, payout, revenue });
    return new URL(answer.location).searchParams.get('tid') ?? '';
  }

  async #convert(send: Send, transaction: string, of: OfferAndAffiliate, figures: Partial<Figures>): Promise<void> {
    taken(await this.#send(send, `/aff_lsr?transaction_id=${transaction}`, 'server'), 200);
    this.#add(of, figures);
  }

  #send(send: Send, path: string, visitor: string): Promise<Answer> {
    this.requests += 1;
    return send(path, visitor);
  }

  #newVisitor(): string {
    this.#visitors += 1;
    return `${this.#visitors}`;
  }

  #add({ offer, affiliate }: OfferAndAffiliate, figures: Partial<Figures>): void {
    const key = `offer ${offer}, affiliate ${affiliate}`;
    const sums: Figures = this.figures.get(key) ?? { ...nothing };
    for (const name of figureNames) sums[name] += figures[name] ?? 0;
    this.figures.set(key, sums);
  }
}

interface OfferAndAffiliate {
  readonly offer: number;
  readonly affiliate: number;
}

const nothing: Readonly<Figures> = {
  clicks: 0,
  unique_clicks: 0,
  impressions: 0,
  approved: 0,
  duplicates: 0,
  payout: 0,
  revenue: 0,
};
export const figureNames = Object.keys(nothing) as readonly (keyof Figures)[];

function taken({ status, captured, body }: Answer, wanted: number): void {
  if (status === wanted && captured !== '' && captured !== 'unconfirmed') return;
  throw new Error(`an answer of ${status} with rung "${captured}" where ${wanted} and a rung were due: ${body}`);
}

/** `found`: the figures of a report, by the same keys. */
export function figureDifferences(
  where: string,
  sent: ReadonlyMap<string, Figures>,
  found: ReadonlyMap<string, Figures>,
): readonly string[] {
  return [...new Set([...sent.keys(), ...found.keys()])].flatMap((key) => {
    const [one = nothing, other = nothing] = [sent.get(key), found.get(key)];
    return figureNames
      .filter((name) => one[name] !== other[name])
      .map((name) => `${where}: ${key}: ${name} is ${other[name]}, and ${one[name]} was sent`);
  });
}
