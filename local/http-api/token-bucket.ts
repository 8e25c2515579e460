export interface TokenBucketOptions {
  readonly perSecond: number;
  /** The capacity. The bucket starts full. */
  readonly burst: number;
  /** A clock in milliseconds that never goes backwards. */
  readonly nowMs: () => number;
}

/**
 * API Gateway's throttle: each request takes a token, and tokens return at a steady rate. The rate is exact here, while
 * API Gateway treats it as a target that it may miss.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
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

  /** False when no token is left. */
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
