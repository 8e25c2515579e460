import {
  type AlertState,
  alertStateKey,
  encodeAlertState,
  mergeAlertStates,
  noAlertState,
  parseAlertState,
} from '../../../core/alerts/alert-state.ts';
import { answerText, callOutcome, isOvertaken } from '../../../core/call-outcome.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { Bucket } from '../../../core/ports.ts';
import type { Side } from '../../../eventlog/log-buckets.ts';
import type { AlertPorts } from './ports.ts';

const { getBudgetMs, peerBudgetMs, putBudgetMs, swapsMax } = limits.alerts;

/** Home's state can be neither read nor written now. */
export class StateSilent extends Error {}

/**
 * The state in home's bucket, changed by compare-and-swap and then copied to the other region's. That region goes on
 * from its copy when it takes over, and the first region learns of it from there.
 */
export class AlertStore {
  readonly #ports: Pick<AlertPorts, 'buckets' | 'log'>;
  /** The other region's copy as it was read. Absent before it was read. */
  #peer?: Held | 'unknown';

  constructor(ports: Pick<AlertPorts, 'buckets' | 'log'>) {
    this.#ports = ports;
  }

  /** Changes the state, whatever other runs do with it. Gives the state after the change. Throws a StateSilent. */
  async change(next: (before: AlertState) => AlertState): Promise<AlertState> {
    for (let attempt = 1; attempt <= swapsMax; attempt += 1) {
      const home = await this.#read('home');
      if (typeof home === 'string') throw new StateSilent(home);
      this.#peer ??= await this.#readPeer();
      const copied = this.#peer === 'unknown' ? noAlertState : this.#peer.state;
      const state = next(mergeAlertStates(home.state, copied));
      if (isSame(state, home.state)) return state;
      const replaced = await this.#bucket('home').replace(
        alertStateKey,
        encodeAlertState(state),
        home.etag,
        putBudgetMs,
      );
      if (replaced.kind === 'ok') return state;
      if (!isOvertaken(replaced.answer)) throw new StateSilent(`cannot be written: ${answerText(replaced.answer)}`);
    }
    throw new StateSilent('other runs change the state all the time');
  }

  /** Copies the state to the other region. A copy that fails is made by the next run. */
  async copy(state: AlertState): Promise<void> {
    if (this.#peer === undefined || this.#peer === 'unknown' || isSame(state, this.#peer.state)) return;
    const replaced = await this.#bucket('peer').replace(
      alertStateKey,
      encodeAlertState(state),
      this.#peer.etag,
      peerBudgetMs,
    );
    if (replaced.kind === 'failed') {
      this.#ports.log.warn('the state of alerts was not copied', { why: answerText(replaced.answer) });
    }
  }

  async #readPeer(): Promise<Held | 'unknown'> {
    const peer = await this.#read('peer');
    if (typeof peer !== 'string') return peer;
    this.#ports.log.warn("the other region's state of alerts is not known", { why: peer });
    return 'unknown';
  }

  /** A text says why the state is not known. */
  async #read(side: Side): Promise<Held | string> {
    const object = await this.#bucket(side).get(alertStateKey, side === 'home' ? getBudgetMs : peerBudgetMs);
    if (object.kind === 'failed') {
      return callOutcome(object.answer) === 'missing' ? { state: noAlertState } : answerText(object.answer);
    }
    const state = parseAlertState(object.value.body);
    return state === undefined ? `${alertStateKey} cannot be understood` : { state, etag: object.value.etag };
  }

  #bucket(side: Side): Bucket {
    return this.#ports.buckets[side].bucket;
  }
}

interface Held {
  readonly state: AlertState;
  /** Absent when there is no object yet. */
  readonly etag?: string;
}

function isSame(one: AlertState, other: AlertState): boolean {
  return Buffer.from(encodeAlertState(one)).equals(encodeAlertState(other));
}
