import { anyPort } from '../listen.ts';
import type { LocalWorld } from '../local-world.ts';
import { partnerDomain } from './internet.ts';
import { openPartnerReceiver, type PartnerReceiver } from './partner-receiver.ts';

/** A partner that functions can call. */
export interface Partner extends PartnerReceiver {
  /** `shop` for `shop.partner.test`. Faults name the partner like this. */
  readonly label: string;
  readonly name: string;
  /** The public address that the name resolves to, until `setAnswers` says otherwise. */
  readonly address: string;
  /** See `Internet.setAnswers`. */
  setAnswers(lists: readonly (readonly string[])[]): void;
}

/** The partner that every local cloud has. */
export const demoLabel = 'demo';

/** The partners of a local cloud. */
export class Partners {
  readonly #world: LocalWorld;
  readonly #open: Partner[] = [];

  constructor(world: LocalWorld) {
    this.#world = world;
  }

  get all(): readonly Partner[] {
    return this.#open;
  }

  /** Rejects when there is a partner of that label. */
  async open(label: string): Promise<Partner> {
    const { time, faults, internet } = this.#world;
    const name = `${label}.${partnerDomain}`;
    const receiver = await openPartnerReceiver({ label, time, faults, use: anyPort });
    try {
      const { address } = internet.addPartner(label, receiver.port);
      const setAnswers = (lists: readonly (readonly string[])[]) => internet.setAnswers(label, lists);
      const partner = { ...receiver, label, name, address, setAnswers };
      this.#open.push(partner);
      return partner;
    } catch (error) {
      await receiver.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((partner) => partner.close()));
  }
}
