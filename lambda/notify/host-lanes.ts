import { afterDelivery, afterRefusal, type Pace, startPace } from '../../core/capture/pacing.ts';
import { limits } from '../../core/limits/limits.ts';
import type { PostbackOutcome, PostbackRequest, SendPostback } from '../../core/postbacks/outcome.ts';

const { connectionsPerHost, connectionsMax } = limits.notify;
const { attemptMs } = limits.sending;

/** `left`: not tried, because the run is over or the host does not answer. */
export type SentPostback = PostbackOutcome | { readonly kind: 'left' };

interface Waiting {
  readonly request: PostbackRequest;
  readonly resolve: (sent: SentPostback) => void;
}

interface Lane {
  readonly waiting: Waiting[];
  underWay: number;
  pace: Pace;
}

/**
 * One lane for each partner's host. Few requests to a host run at once in the beginning, and more while it answers. After
 * some time-outs in a row, the rest of the host's postbacks waits for the next run. So a host that hangs takes no time
 * from the others.
 */
export class HostLanes {
  readonly #send: SendPostback;
  readonly #isOver: () => boolean;
  readonly #lanes = new Map<string, Lane>();
  #underWay = 0;

  constructor(send: SendPostback, isOver: () => boolean) {
    this.#send = send;
    this.#isOver = isOver;
  }

  send(request: PostbackRequest): Promise<SentPostback> {
    const host = hostOf(request.url);
    const lane = this.#lanes.get(host) ?? { waiting: [], underWay: 0, pace: startPace(connectionsPerHost) };
    this.#lanes.set(host, lane);
    return new Promise((resolve) => {
      lane.waiting.push({ request, resolve });
      this.#begin(lane);
    });
  }

  /** Whether nothing is sent any more: to this host, or at all. */
  isClosed(url: string): boolean {
    return this.#isOver() || this.#lanes.get(hostOf(url))?.pace.phase === 'stopped';
  }

  #begin(lane: Lane): void {
    if (this.#isOver() || lane.pace.phase === 'stopped') {
      for (const { resolve } of lane.waiting.splice(0)) resolve({ kind: 'left' });
      return;
    }
    while (lane.underWay < Math.floor(lane.pace.window) && this.#underWay < connectionsMax) {
      const next = lane.waiting.shift();
      if (next === undefined) return;
      void this.#sendOne(lane, next);
    }
  }

  async #sendOne(lane: Lane, { request, resolve }: Waiting): Promise<void> {
    lane.underWay += 1;
    this.#underWay += 1;
    const { round } = lane.pace;
    const outcome = await this.#send(request, attemptMs);
    const wasFull = this.#underWay >= connectionsMax;
    lane.underWay -= 1;
    this.#underWay -= 1;
    lane.pace = hasAnswered(outcome)
      ? afterDelivery(lane.pace, round, connectionsPerHost)
      : afterRefusal(lane.pace, round, isBusy(outcome), connectionsPerHost);
    resolve(outcome);
    // Lanes may have waited for the connection. The one with the fewest connections takes it.
    const lanes = wasFull ? [...this.#lanes.values()].sort((one, other) => one.underWay - other.underWay) : [lane];
    for (const next of lanes) this.#begin(next);
  }
}

/** A host of its own for what is no URL: the sender refuses it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

/** A host that answers quickly, with whatever, is no burden. */
function hasAnswered(outcome: PostbackOutcome): boolean {
  if (outcome.kind !== 'failed') return true;
  return outcome.why === 'status' && !isBusy(outcome);
}

function isBusy(outcome: PostbackOutcome): boolean {
  return outcome.kind === 'failed' && (outcome.status === 429 || outcome.status === 503);
}
