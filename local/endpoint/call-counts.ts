/** Counts the endpoint's calls by region and by caller, and keeps those that a policy does not grant. */
export class CallCounts {
  readonly #calls = new Map<string, Map<string, number>>();
  readonly #callsByCaller = new Map<string, Map<string, number>>();
  readonly #denied = new Map<string, Set<string>>();

  count(region: string, caller: string, call: string): void {
    increment(this.#calls, region, call);
    increment(this.#callsByCaller, region, `${caller} ${call}`);
  }

  /** `what` is `caller service:Action arn`. Each text is kept once. */
  deny(region: string, what: string): void {
    const denied = this.#denied.get(region) ?? new Set();
    this.#denied.set(region, denied);
    if (denied.size < deniedMax) denied.add(what);
  }

  /** `service:Action` to count. */
  calls(region: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#calls.get(region) ?? []);
  }

  /** `caller service:Action` to count. */
  callsByCaller(region: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#callsByCaller.get(region) ?? []);
  }

  denied(region: string): readonly string[] {
    return [...(this.#denied.get(region) ?? [])];
  }
}

/** A function that names a new resource in each call must not fill the memory. */
const deniedMax = 1_000;

function increment(counts: Map<string, Map<string, number>>, region: string, name: string): void {
  const ofRegion = counts.get(region) ?? new Map<string, number>();
  counts.set(region, ofRegion);
  ofRegion.set(name, (ofRegion.get(name) ?? 0) + 1);
}
