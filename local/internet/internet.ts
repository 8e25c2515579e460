import type { FaultBoard } from '../fault/fault-board.ts';

/**
 * The part of the internet that functions of the local cloud reach: partners with names below `partner.test`. Nothing
 * else resolves, and no connection leaves the machine (local/lambda-host/outbound.mjs).
 *
 * Partners get addresses of an ordinary block of EC2, as many partners have in fact. Blocks for tests and documentation
 * would not do: they are not globally reachable, so a careful sender refuses them.
 * https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
const blockPrefix = '52.0';
export const partnerDomain = 'partner.test';
/** Partners speak plain HTTP, because no function trusts a certificate of this machine. */
const httpPort = 80;
const straysMax = 1_000;

export type OutboundQuestion =
  | { readonly kind: 'resolve'; readonly name: string }
  | { readonly kind: 'connect'; readonly address: string; readonly port: number };

export type OutboundAnswer =
  /** Empty = there is no such name. */
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  /** A port of 127.0.0.1. */
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'refused' };

interface Host {
  /** `shop` for `shop.partner.test`. */
  readonly label: string;
  readonly address: string;
  /** Of 127.0.0.1. */
  readonly port: number;
}

export class Internet {
  readonly #faults: FaultBoard;
  readonly #byLabel = new Map<string, Host>();
  readonly #byAddress = new Map<string, Host>();
  readonly #answers = new Map<string, { readonly lists: readonly (readonly string[])[]; asked: number }>();
  readonly #strays: string[] = [];

  constructor(faults: FaultBoard) {
    this.#faults = faults;
  }

  /** Gives the server on a port of 127.0.0.1 the name `<label>.partner.test` and a public address. */
  addPartner(label: string, port: number): { readonly address: string } {
    if (!/^[a-z0-9-]{1,63}$/.test(label)) throw new Error(`a partner's label has a-z, 0-9 and "-", not ${label}`);
    if (this.#byLabel.has(label)) throw new Error(`there is a partner ${label} already`);
    const number = this.#byLabel.size + 1;
    const host = { label, address: `${blockPrefix}.${number >> 8}.${number & 255}`, port };
    this.#byLabel.set(label, host);
    this.#byAddress.set(host.address, host);
    return host;
  }

  /**
   * Makes a partner's name resolve to other addresses. Each question gets the next list, and the first list follows the
   * last. So the answer can change between check and connection. Without lists the name resolves as before.
   */
  setAnswers(label: string, lists: readonly (readonly string[])[]): void {
    if (lists.length === 0) this.#answers.delete(label);
    else this.#answers.set(label, { lists, asked: 0 });
  }

  ask(question: OutboundQuestion): OutboundAnswer {
    if (question.kind === 'resolve') return { kind: 'addresses', addresses: this.#resolve(question.name) };
    const port = this.#portOf(question.address, question.port);
    return port === undefined ? { kind: 'refused' } : { kind: 'port', port };
  }

  /**
   * The first 1,000 addresses that functions tried to connect to and that belong to no partner, such as
   * `169.254.169.254:80`. A careful sender leaves none.
   */
  strays(): readonly string[] {
    return this.#strays;
  }

  #resolve(asked: string): readonly string[] {
    const name = asked.toLowerCase().replace(/\.$/, '');
    const label = name.endsWith(`.${partnerDomain}`) ? name.slice(0, -partnerDomain.length - 1) : '';
    const host = this.#byLabel.get(label);
    if (host === undefined || this.#isStruck(host, 'no-address')) return [];
    const set = this.#answers.get(label);
    if (set === undefined) return [host.address];
    set.asked += 1;
    return set.lists[(set.asked - 1) % set.lists.length] ?? [];
  }

  #portOf(address: string, port: number): number | undefined {
    const host = this.#byAddress.get(address);
    if (host === undefined) {
      if (this.#strays.length < straysMax) this.#strays.push(`${address}:${port}`);
      return undefined;
    }
    return port !== httpPort || this.#isStruck(host, 'refuse') ? undefined : host.port;
  }

  #isStruck({ label }: Host, effect: 'no-address' | 'refuse'): boolean {
    const target = { region: '', service: 'partners', partner: label } as const;
    return this.#faults.strikesOnly(target, [effect]).length > 0;
  }
}
