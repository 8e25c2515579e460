import { limits } from '../../core/limits/limits.ts';
import { withLines } from '../../core/postbacks/add-firings.ts';
import {
  changed,
  type Delivery,
  type DeliveryState,
  isSameState,
  noDeliveries,
} from '../../core/postbacks/delivery-state.ts';
import type { DueMinute, MinuteLooked } from '../../core/postbacks/due-index.ts';
import { parseMinuteName } from '../../core/postbacks/minute-name.ts';
import { parseOutboxKey } from '../../core/postbacks/outbox-key.ts';
import { type OutboxLine, readOutbox } from '../../core/postbacks/outbox-line.ts';
import { isSuspended } from '../../core/postbacks/suspension.ts';
import type { NotifyRun } from './notify-run.ts';
import { copyMinute, openMinute, readMinute } from './open-minute.ts';
import type { RunWork } from './run-work.ts';
import { sendDue } from './send-due.ts';

const { copyPauseMs, hostPauseMs } = limits.postbacks;

/**
 * Does what is due for one minute: adds what the outbox says, sends, and notes how it went. Undefined while another run
 * works on the minute. Throws a LeftToNextRun.
 */
export async function deliverMinute(work: RunWork, name: string, found: DueMinute): Promise<MinuteLooked | undefined> {
  const { run } = work;
  const minuteMs = parseMinuteName(name);
  if (minuteMs === undefined) return { name, found };
  const lines = await readInbox(run, found.inbox);
  const writtenAtMs = Math.min(...found.inbox.map((key) => parseOutboxKey(key)?.writtenAtMs ?? run.nowMs()));
  const planned = (state: DeliveryState) =>
    withoutHeld(work, withLines(state, lines, { ...work.rules, nowMs: run.nowMs() }, writtenAtMs));
  const stored = await readMinute(run, minuteMs);
  const before = stored?.value ?? noDeliveries;
  const plan = planned(before);
  const known = [...plan.deliveries.values()];
  if (isSameState(before, plan) && sendable(work, known).length === 0) {
    const isCopied = found.isCopyOwed ? await copyMinute(run, minuteMs, known) : true;
    return { name, found, ...nextLook(work, known, isCopied) };
  }
  const minute = await openMinute(run, minuteMs, stored);
  if (minute === undefined) return undefined;
  minute.change(planned);
  await sendDue(work, minute, sendable(work, minute.deliveries));
  await minute.release();
  const isCopied = await copyMinute(run, minuteMs, minute.deliveries);
  return { name, found, ...nextLook(work, minute.deliveries, isCopied) };
}

/** An object that is gone has expired. One that nobody can read says nothing, and must not hold up its minute for ever. */
async function readInbox(run: NotifyRun, keys: readonly string[]): Promise<readonly OutboxLine[]> {
  const lines: OutboxLine[] = [];
  for (const key of [...keys].sort()) {
    const found = await run.find(key, (bytes) => readOutbox(bytes) ?? 'damaged');
    if (found?.value === 'damaged') run.ports.log.error('an outbox object cannot be understood', { key });
    else lines.push(...(found?.value ?? []));
  }
  return lines;
}

/** What is due of a suspended, paused or deleted postback is given up. An operator can have it sent later. */
function withoutHeld(work: RunWork, state: DeliveryState): DeliveryState {
  const deliveries = new Map(state.deliveries);
  for (const delivery of dueNow(work, state.deliveries.values())) {
    const last = whyHeld(work, delivery);
    if (last === undefined) continue;
    deliveries.set(delivery.id, changed(delivery, { status: 'failed', last }));
  }
  return { ...state, deliveries };
}

function whyHeld({ rules, health }: RunWork, { postbackId }: Delivery): string | undefined {
  const postback = rules.catalog.postbacks.get(postbackId);
  if (postback === undefined) return 'not-in-catalog';
  if (postback.status === 'paused') return 'paused';
  return isSuspended(health.get(postbackId)) ? 'suspended' : undefined;
}

/** What this region has to send now, without what goes to hosts that do not answer. */
function sendable(work: RunWork, deliveries: Iterable<Delivery>): readonly Delivery[] {
  return dueNow(work, deliveries).filter(({ postbackId }) => {
    const url = work.rules.catalog.postbacks.get(postbackId)?.url;
    return url !== undefined && !work.lanes.isClosed(url);
  });
}

function dueNow({ run, patienceMs }: RunWork, deliveries: Iterable<Delivery>): readonly Delivery[] {
  const dueToMs = run.nowMs() - patienceMs;
  return [...deliveries].filter(({ status, dueAtMs }) => status === 'due' && dueAtMs <= dueToMs);
}

/**
 * When the minute has to be looked at next. What was due and is due still has met a host that does not answer, or the end
 * of the run. After that it is due at once, behind what has waited longer for a look.
 */
function nextLook(
  { run, patienceMs }: RunWork,
  deliveries: readonly Delivery[],
  isCopied: boolean,
): Pick<MinuteLooked, 'dueAtMs' | 'isCopyOwed'> {
  const nowMs = run.nowMs();
  const times = deliveries.flatMap(({ status, dueAtMs }) => {
    if (status !== 'due') return [];
    if (dueAtMs > nowMs) return [dueAtMs];
    if (run.isOver) return [Math.max(dueAtMs, nowMs - patienceMs)];
    return [nowMs + Math.min(hostPauseMs.most, Math.max(hostPauseMs.least, (nowMs - dueAtMs) / 4))];
  });
  if (!isCopied) times.push(nowMs + copyPauseMs);
  return times.length === 0 ? {} : { dueAtMs: Math.min(...times), isCopyOwed: !isCopied };
}
