/** A priority queue by due time. Items with the same time keep the order in which they were put in. */
export class Timeline<T> {
  /** A binary heap. */
  readonly #items: Item<T>[] = [];
  #sequence = 0;

  put(atMs: number, value: T): void {
    this.#sequence += 1;
    this.#items.push({ atMs, sequence: this.#sequence, value });
    this.#rise(this.#items.length - 1);
  }

  peek(): T | undefined {
    return this.#items[0]?.value;
  }

  take(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#items.length > 0) {
      this.#items[0] = last;
      this.#sink(0);
    }
    return first.value;
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLess(index, parent)) return;
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#isLess(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfLess(child, index)) return;
      index = child;
    }
  }

  /** Swaps the items at `lower` and `upper` when the one at `lower` is due earlier. */
  #swapIfLess(lower: number, upper: number): boolean {
    const [low, up] = [this.#items[lower], this.#items[upper]];
    if (low === undefined || up === undefined || !this.#isLess(lower, upper)) return false;
    this.#items[lower] = up;
    this.#items[upper] = low;
    return true;
  }

  #isLess(left: number, right: number): boolean {
    const [one, other] = [this.#items[left], this.#items[right]];
    if (one === undefined || other === undefined) return false;
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.sequence < other.sequence);
  }
}

interface Item<T> {
  readonly atMs: number;
  readonly sequence: number;
  readonly value: T;
}
