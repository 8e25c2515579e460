import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { minuteStart } from '../../../core/log/log-key.ts';
import { deliveryStateKey } from '../../../core/postbacks/delivery-keys.ts';
import {
  type Delivery,
  type DeliveryState,
  encodeDeliveryState,
  isLeased,
  joined,
  noDeliveries,
  parseDeliveryState,
} from '../../../core/postbacks/delivery-state.ts';
import {
  type DueIndex,
  dueIndexKey,
  encodeDueIndex,
  newIndex,
  parseDueIndex,
  withAsked,
} from '../../../core/postbacks/due-index.ts';
import { minuteNameOf } from '../../../core/postbacks/minute-name.ts';
import { retriedByHand } from '../../../core/postbacks/retry-schedule.ts';
import type { Shell } from '../../cli/shell.ts';
import { type Change, changeCopies, type PostbackBucket } from '../../clients/postback-objects.ts';

export interface AskedAgain {
  /** How many postbacks will be sent again. */
  readonly asked: number;
  /** What no region took, each with the reason. */
  readonly failed: readonly string[];
  /** What one region did not take. The other one sends it. */
  readonly late: readonly string[];
}

/**
 * Makes deliveries due from now on. Changes the states first and the indexes afterwards: a minute in an index is looked
 * at when its state is ready. A run that has the lease on a minute is waited for. Otherwise it could not write down what
 * it has sent, and would send it again.
 */
export async function askAgain(
  wanted: readonly Delivery[],
  buckets: readonly PostbackBucket[],
  shell: Pick<Shell, 'clock' | 'progress'>,
): Promise<AskedAgain> {
  const asked = new Map<number, number>();
  const [failed, late] = [new Set<string>(), new Set<string>()];
  for (const [startMs, deliveries] of byMinute(wanted)) {
    const changed = await changeCopies(buckets, madeDue(startMs, deliveries, shell), shell.clock);
    if (changed.isTaken) asked.set(startMs, deliveries.length);
    for (const reason of changed.failed) (changed.isTaken ? late : failed).add(reason);
  }
  const indexed =
    asked.size === 0 ? undefined : await changeCopies(buckets, inIndex([...asked.keys()], shell), shell.clock);
  for (const reason of indexed?.failed ?? []) (indexed?.isTaken ? late : failed).add(reason);
  const isIndexed = indexed?.isTaken ?? false;
  const count = isIndexed ? [...asked.values()].reduce((sum, each) => sum + each, 0) : 0;
  return { asked: count, failed: [...failed], late: [...late] };
}

/** By the start of the minute whose state has them. */
function byMinute(deliveries: readonly Delivery[]): ReadonlyMap<number, readonly Delivery[]> {
  const minutes = new Map<number, Delivery[]>();
  for (const delivery of deliveries) {
    const startMs = minuteStart(uuidTimeMs(delivery.line.firstId));
    minutes.set(startMs, [...(minutes.get(startMs) ?? []), delivery]);
  }
  return minutes;
}

function madeDue(
  startMs: number,
  deliveries: readonly Delivery[],
  { clock, progress }: Pick<Shell, 'clock' | 'progress'>,
): Change<DeliveryState> {
  const known: DeliveryState = { deliveries: new Map(deliveries.map((delivery) => [delivery.id, delivery])) };
  let isTold = false;
  return {
    ...{ key: deliveryStateKey(startMs), encode: encodeDeliveryState, parse: parseDeliveryState },
    isHeld: (before = noDeliveries) => {
      const isHeld = isLeased(before, 'keeptrack postbacks retry', clock.nowMs());
      if (isHeld && !isTold)
        progress(`notify sends the postbacks of minute ${minuteNameOf(startMs)}: waiting until it ends`);
      isTold ||= isHeld;
      return isHeld;
    },
    change: (before = noDeliveries) => withDue(joined(before, known), known, clock.nowMs()),
  };
}

/** The run that was waited for may have delivered some. */
function withDue(state: DeliveryState, wanted: DeliveryState, nowMs: number): DeliveryState {
  const deliveries = new Map(state.deliveries);
  for (const id of wanted.deliveries.keys()) {
    const delivery = deliveries.get(id);
    const isOpen = delivery?.status === 'failed' || delivery?.status === 'due';
    if (isOpen) deliveries.set(id, retriedByHand(delivery, nowMs));
  }
  return { ...state, deliveries };
}

function inIndex(minutes: readonly number[], { clock }: Pick<Shell, 'clock'>): Change<DueIndex> {
  const nowMs = clock.nowMs();
  return {
    ...{ key: dueIndexKey, encode: encodeDueIndex, parse: parseDueIndex },
    change: (before = newIndex(nowMs)) =>
      minutes.reduce((index, startMs) => withAsked(index, minuteNameOf(startMs), nowMs), before),
  };
}
