/** Lets one loop wait for whichever of its tasks ends next. */
export class WakeUp {
  #wake: () => void = () => {};

  /** Resolves at the next `ring`. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  ring(): void {
    this.#wake();
  }
}
