export interface TokenBucketOptions {
  readonly perSecond: number;
  /** How many it holds when it is full, which it is at first. */
  readonly burst: number;
  /** In milliseconds, never backwards. */
  readonly nowMs: () => number;
}

/**
 * How API Gateway throttles: each request takes a token, and tokens come back at a steady rate.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html. There it is a target that may be
 * missed somewhat, here it is exact.
 */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #filledAtMs: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAtMs = options.nowMs();
  }

  /** False when there is no token left. */
  take(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(): void {
    const { perSecond, burst, nowMs } = this.#options;
    const atMs = nowMs();
    this.#tokens = Math.min(burst, this.#tokens + ((atMs - this.#filledAtMs) / 1_000) * perSecond);
    this.#filledAtMs = atMs;
  }
}
