import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import { limits } from '../../core/limits/limits.ts';

/** The loads at which targets of cost and time are stated, in clicks a second on one region alone. */
export const loads = {
  small: 40,
  /** 250 million clicks a day. */
  day: 3_000,
  peak: 10_000,
  beyond: 50_000,
} as const;

export type LoadName = keyof typeof loads;
export const loadNames = Object.keys(loads) as LoadName[];

/** In good weather, or while every call to the other region hangs until its time-out. */
export const weathers = ['good weather', 'the peer hangs'] as const;
export type Weather = (typeof weathers)[number];

/** The front doors, by their names in the config, with the names for readers. */
export const doorTitles = { 'http-api': 'HTTP API', alb: 'load balancer' } as const satisfies Readonly<
  Record<FrontDoorKind, string>
>;

/** Conversions for each click. */
const conversionShare = 0.03;

/** What comes to a region's intake queue each second. A conversion goes to the queues of both regions. */
export interface Arrivals {
  readonly eventsPerSecond: number;
  readonly conversionsPerSecond: number;
}

export function arrivalsAt(load: LoadName): Readonly<Record<'home' | 'standby', Arrivals>> {
  return arrivalsOf(loads[load]);
}

export function arrivalsOf(clicksPerSecond: number): Readonly<Record<'home' | 'standby', Arrivals>> {
  const conversionsPerSecond = clicksPerSecond * conversionShare;
  // Without traffic of its own, the standby captures a probe for each health check that comes after the idle time.
  const probesPerSecond = 1_000 / limits.health.idleMs;
  return {
    home: { eventsPerSecond: clicksPerSecond + conversionsPerSecond, conversionsPerSecond },
    standby: { eventsPerSecond: conversionsPerSecond + probesPerSecond, conversionsPerSecond },
  };
}

export interface Batches {
  readonly perSecond: number;
  readonly eventsEach: number;
}

/**
 * How an event source mapping cuts a queue into batches. Its pollers share the messages. Each poller waits for a first
 * message, and then until the window is over or the batch is full.
 */
export function batchesOf(eventsPerSecond: number, windowSeconds: number, pollers: number, eventsMax: number): Batches {
  const ofPoller = eventsPerSecond / pollers;
  const secondsEach = Math.min(windowSeconds + 1 / ofPoller, eventsMax / ofPoller);
  return { perSecond: pollers / secondsEach, eventsEach: Math.max(1, ofPoller * secondsEach) };
}
