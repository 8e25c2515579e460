import { encodeLine, type LoggedEvent } from '../../core/event/event.ts';
import type { Privacy } from '../../core/event/privacy.ts';
import { minuteStart, probeEvent } from '../../core/event/probe.ts';
import type { SigningKeys } from '../../core/event/transaction-id.ts';
import { limits } from '../../core/limits/limits.ts';
import { metrics as metricNames } from '../../core/metrics.ts';
import type { Clock, Log, Metrics, Random } from '../../core/ports.ts';
import type { Decision, EventDraft, Reply } from '../../core/tracking/decision.ts';
import { textReply } from '../../core/tracking/replies.ts';
import type { StorageSwitchReader } from '../../eventlog/log-buckets.ts';
import type { CapsSource } from './caps-source.ts';
import type { Capture, Captured } from './capture.ts';
import type { CatalogSource } from './catalog-source.ts';
import { type Decide, decideWithFallback } from './decide-with-fallback.ts';
import type { Drained } from './drained.ts';
import { type DoorResult, doorOf } from './front-door.ts';
import { createHealth } from './health.ts';
import { type ReceivedRequest, readRequest } from './received-request.ts';
import { createStamp, type StampedEvent } from './stamp.ts';

export interface TrackParts {
  readonly region: string;
  /** Random, one for each environment. */
  readonly environmentId: string;
  readonly keys: SigningKeys;
  readonly privacy: Privacy;
  /** The day of the network's time zone at a time: `2026-11-23`. */
  readonly dayOf: (timeMs: number) => string;
  /** In lower case. */
  readonly trackingNames: ReadonlySet<string>;
  readonly decide: Decide;
  readonly catalog: CatalogSource;
  readonly caps: CapsSource;
  readonly storage: Pick<StorageSwitchReader, 'refresh'>;
  readonly drained: Drained;
  readonly capture: Capture;
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Answers requests of either front door, and the schedule's `{"task":"probe"}`. Never throws. */
export type Track = (payload: unknown) => Promise<DoorResult>;

export function createTrack(parts: TrackParts): Track {
  const { clock, log, random, region, keys, privacy, dayOf } = parts;
  const decide = decideWithFallback(parts.decide, log);
  const stamp = createStamp(parts);
  const health = createHealth(parts, stamp);

  const answer = async (received: ReceivedRequest): Promise<Reply> => {
    const read = readRequest(received, parts.trackingNames);
    if (read.kind === 'refused') return rejected(parts, read.reason, read.reply);
    const refreshed = refreshStale(parts);
    const decision = decide(read.request, {
      catalog: parts.catalog.current(),
      closedCaps: parts.caps.current(),
      nowMs: clock.nowMs(),
      random,
      region,
      keys,
      privacy,
      dayOf,
    });
    switch (decision.kind) {
      case 'rejected':
        return rejected(parts, decision.reason, decision.reply);
      case 'health':
        return health.check(refreshed);
      case 'drained': {
        const reply = await parts.drained(decision.region);
        return reply ?? rejected(parts, 'unknown-region', textReply(404, 'no such region\n'));
      }
      case 'capture':
        return captured(decision);
    }
  };

  const captured = async ({ draft, reply }: Extract<Decision, { kind: 'capture' }>): Promise<Reply> => {
    countToken(parts, draft);
    const stamped = stamp(draft, clock.nowMs());
    if (stamped === undefined) return rejected(parts, 'event-too-long', textReply(413, 'the link carries too much\n'));
    const rungs = await captureAnyway(parts, stamped);
    health.note(rungs);
    if (rungs.length === 0) return notConfirmed(parts, stamped, draft, reply);
    stamped.confirm();
    return confirmed(parts, stamped.id, rungs, reply);
  };

  /**
   * The probe bears the minute of the clock and not of the schedule: a late probe proves that events can be captured
   * now. The probe also keeps the standby's catalog and caps fresh, so it waits for the refresh.
   */
  const probe = async (): Promise<Reply> => {
    const refreshed = refreshStale(parts);
    const event = probeEvent(region, minuteStart(clock.nowMs()));
    const rungs = await captureAnyway(parts, { id: event.id, type: event.type, line: encodeLine(event) });
    health.note(rungs);
    await refreshed;
    if (rungs.length > 0) return confirmed(parts, event.id, rungs, textReply(200, 'captured\n'));
    log.error('no rung took the probe of this minute', { probe: event.id });
    return textReply(503, 'not captured\n');
  };

  return async (payload) => {
    const door = doorOf(payload);
    try {
      return door.result(isProbeTask(payload) ? await probe() : await answer(door.receive(payload)));
    } catch (error) {
      log.error('a request ended in an unexpected error', { error });
      return door.result(textReply(500, 'internal error\n'));
    }
  };
}

/** Requests always have the shape of their door, so nobody can ask for a probe from outside. */
function isProbeTask(payload: unknown): boolean {
  return (payload as { task?: unknown } | null)?.task === 'probe';
}

/** Runs beside the capture. A click does not wait for it. */
async function refreshStale({ catalog, caps, storage, log }: TrackParts): Promise<void> {
  try {
    await Promise.all([catalog.refresh(), caps.refresh(), storage.refresh()]);
  } catch (error) {
    log.error('the catalog, the closed caps or the storage switch could not be refreshed', { error });
  }
}

function rejected({ metrics }: TrackParts, reason: string, reply: Reply): Reply {
  metrics.count(metricNames.rejectedRequests, 1, { reason });
  return reply;
}

/** A token that came over port 80 is accepted, because links and postbacks must keep working. Doctor warns of it. */
function countToken({ metrics }: TrackParts, { type, fields }: EventDraft): void {
  if (type !== 'conversion' || fields['over_http'] !== true || fields['security_token_hash'] === undefined) return;
  metrics.count(metricNames.tokensOverHttp, 1);
}

function withHeaders(reply: Reply, headers: Readonly<Record<string, string>>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

type EventLine = Pick<LoggedEvent, 'id' | 'type'> & { readonly line: string };

/**
 * A defect on the way to the rungs counts as if no rung had taken the event: the event is logged whole, and the visitor
 * goes on.
 */
async function captureAnyway({ capture, log }: TrackParts, event: EventLine): Promise<Captured> {
  try {
    return await capture(event, event.line);
  } catch (error) {
    log.error('an event could not be captured', { error });
    return [];
  }
}

function confirmed({ metrics }: TrackParts, eventId: string, rungs: Captured, reply: Reply): Reply {
  const rung = rungs.join('+');
  metrics.count(metricNames.captured, 1, { rung });
  return withHeaders(reply, { 'x-keeptrack-captured': rung, 'x-keeptrack-event': eventId });
}

/**
 * A sender of conversions retries when told to. A visitor would not come back, so everybody else gets the usual answer.
 */
function notConfirmed(parts: TrackParts, { id, line }: StampedEvent, draft: EventDraft, reply: Reply): Reply {
  const { metrics, log } = parts;
  const headers = { 'x-keeptrack-captured': 'unconfirmed', 'x-keeptrack-event': id };
  const event: unknown = JSON.parse(line);
  if (draft.type === 'conversion') {
    metrics.count(metricNames.conversionsRefused, 1);
    log.error('a conversion was refused', { refused: event });
    return withHeaders(tryAgain, headers);
  }
  metrics.count(metricNames.unconfirmed, 1);
  log.error('no rung took an event', { unconfirmed: event });
  return withHeaders(reply, headers);
}

const tryAgain = textReply(503, 'not recorded, please send again\n', {
  'retry-after': `${limits.capture.retryAfterSeconds}`,
});
