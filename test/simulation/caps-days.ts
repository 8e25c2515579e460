import type { CatalogContent } from '../../core/catalog/catalog.ts';
import { makeSnapshot } from '../../core/catalog/snapshot.ts';
import { dayIn } from '../../core/config/time-zone.ts';
import { type LoggedEvent, parseLine } from '../../core/event/event.ts';
import { hourMs, hourName, hourStart, minuteMs } from '../../core/log/log-key.ts';
import { type ClosedPeriod, closedPeriodsKey, encodeClosedPeriods } from '../../core/periods/closed-periods.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { ledgerOnce, pollOnce, type RunOptions, replayOnce } from '../../simulation/functions.ts';
import { type LifeFunctions, lifeFunctions, liveFor } from '../../simulation/life.ts';
import { createSimulatedWorld, type RegionName, regionNames, type SimulatedWorld } from '../../simulation/world.ts';
import { publishKeys } from '../lambda/ledger/any-history.ts';
import { Partners, unavailable } from '../lambda/notify/notify-scene.ts';
import { logged } from '../lambda/world-view.ts';
import { operatorLine } from '../operator-lines.ts';
import { Clients, type SentOn } from './caps-clients.ts';
import type { Closing } from './caps-oracle.ts';
import { hostOfPartner, networkOf, partnerUrl, publish } from './caps-scene.ts';

/**
 * Three days of a small network, over the end of a month. Each day has some minutes of traffic that its caps cannot
 * take. In the hours between, advertisers and operators change their minds about what came.
 */

const caps = `
affiliate_caps:
  - { affiliate_id: 7, offer_id: 1, monthly_conversion_cap: 13 }
  - { affiliate_id: 8, offer_id: 2, lifetime_conversion_cap: 12 }
postbacks:
  - { id: 1, affiliate_id: 0, offer_id: 0, url: "${partnerUrl(1)}" }
  - { id: 2, affiliate_id: 7, offer_id: 0, goal_id: 0, on: [approved, pending, rejected, reversed], url: "${partnerUrl(2)}" }
  - { id: 3, affiliate_id: 8, offer_id: 0, url: "${partnerUrl(3)}" }
`;

/** Offer 1: the daily cap differs from time to time. Offer 4 becomes hard at some time. */
function network(dailyCap: number, fourth: 'soft' | 'hard'): CatalogContent {
  const share =
    'payout_type: cpa_percentage, payout_percent: "10", revenue_type: cpa_percentage, revenue_percent: "15"';
  return networkOf(
    [
      `cap_mode: hard, payout: "2", revenue: "5", conversion_cap: ${dailyCap}`,
      `cap_mode: hard, over_cap: pending, ${share}, monthly_payout_cap: "45", caps_count_goals: true, goals: [{ id: 4, name: Lead }]`,
      'cap_mode: hard, payout_type: cpc, payout: "0.1", revenue: "0", click_cap: 25, lifetime_payout_cap: "5.5"',
      `cap_mode: ${fourth}, payout: "1", revenue: "1", conversion_cap: 6, click_cap: 40, redirect_offer_id: 1`,
    ],
    caps,
  );
}

export interface DaysOptions {
  readonly seed: number;
  /** Faults strike in each time of traffic, functions die, and partners refuse. Else all is well. */
  readonly isStormy: boolean;
}

export interface Days {
  readonly world: SimulatedWorld;
  readonly partners: Partners;
  readonly timeZone: string;
  readonly closings: readonly Closing[];
}

const startMs = Date.UTC(2026, 10, 29, 10);
const trafficMs = 8 * minuteMs;
const calmMs = 3 * minuteMs;
const dayCount = 3;
/** Between traffic, functions run now and then only. Words come before the first three times. */
const pausesHours = [2, 3, 2, 8, 8];
const lastPausesHours = [...pausesHours, 12, 12];

export async function liveThroughDays(options: DaysOptions): Promise<Days> {
  const days = new LivedDays(options);
  for (let day = 0; day < dayCount; day += 1) {
    await days.trafficOf(day);
    await days.night(day);
  }
  await days.settle();
  return days;
}

class LivedDays implements Days {
  readonly world: SimulatedWorld;
  readonly partners: Partners;
  readonly timeZone: string;
  readonly closings: Closing[] = [];
  readonly #chance: () => number;
  readonly #isStormy: boolean;
  readonly #clients: Clients;
  readonly #functions: LifeFunctions;
  readonly #sales: SentOn[] = [];
  #words = 0;

  constructor({ seed, isStormy }: DaysOptions) {
    this.#chance = seededChance(seed);
    this.#isStormy = isStormy;
    this.timeZone = seed % 2 === 0 ? 'UTC' : 'Asia/Kolkata';
    this.world = createSimulatedWorld(startMs, this.#chance);
    this.partners = new Partners(this.world);
    this.#functions = lifeFunctions(this.world);
    publishKeys(this.world);
    publish(this.world, network(6, 'soft'));
    this.#clients = new Clients(this.world, { bundle: makeSnapshot(network(6, 'soft')).text, timeZone: this.timeZone });
    if (isStormy) this.#partnersRefuse();
  }

  async trafficOf(day: number): Promise<void> {
    const { world } = this;
    if (this.#isStormy) for (const fault of this.#storm()) world.board.add(fault);
    this.#traffic();
    this.#changeCaps(day);
    const endMs = world.time.nowMs() + trafficMs;
    world.time.after(trafficMs, () => world.board.clear());
    const runOptions = () => this.#runOptions(world.time.nowMs() < endMs);
    await liveFor(world, trafficMs + calmMs, { runOptions, functions: this.#functions });
    await world.time.until(this.#clients.idle());
  }

  /**
   * Until the next day's traffic. The last night is longer, so that its day is whole. Partners who sometimes refuse are
   * well then.
   */
  async night(day: number): Promise<void> {
    const { world } = this;
    if (day === 1) this.#close(dayIn(this.timeZone)(startMs));
    const pauses = day < dayCount - 1 ? pausesHours : lastPausesHours;
    if (day === dayCount - 1) for (const id of [1, 2]) this.partners.answers.delete(hostOfPartner(id));
    for (const [index, hours] of pauses.entries()) {
      const sinceMs = world.time.nowMs();
      await world.time.pass(hours * hourMs);
      if (index < 3) this.#changeMinds();
      await world.time.until(this.#clients.idle());
      await this.#work({ task: 'hours', hours: hoursSince(sinceMs, world.time.nowMs()), cause: 'drill' });
    }
    await this.#work({ task: 'review' });
    await world.time.pass(Math.max(0, startMs + (day + 1) * 24 * hourMs - world.time.nowMs()));
  }

  /** `stats` looks at older days again after some minutes, and then hears what the other region has counted. */
  async settle(): Promise<void> {
    for (const waitMs of [6 * minuteMs, minuteMs]) {
      await this.world.time.pass(waitMs);
      await this.#work({ task: 'close' });
    }
  }

  /** One run of each function in each region, and a second one of those that go on with what the others made. */
  async #work(ledgerTask: unknown): Promise<void> {
    const options = this.#runOptions(false);
    const everywhere = (run: (region: RegionName) => Promise<unknown>) =>
      this.world.time.until(Promise.all(regionNames.map(run)));
    await everywhere((region) => pollOnce(this.world, region, options));
    await everywhere((region) => replayOnce(this.world, region, 'deliver', options));
    await everywhere((region) => this.#functions[region].stats({ task: 'fold' }, options));
    await everywhere((region) => ledgerOnce(this.world, region, ledgerTask, options));
    await everywhere((region) => this.#functions[region].notify({ task: 'notify' }, options));
  }

  #runOptions(mayDie: boolean): RunOptions {
    const { partners, timeZone } = this;
    const dies = mayDie && this.#isStormy && this.#chance() < 0.15;
    return { partners: partners.ports, timeZone, ...(dies && { diesAtStep: 1 + Math.floor(this.#chance() * 60) }) };
  }

  #traffic(): void {
    for (let atMs = 0; atMs < trafficMs; atMs += 3_000) {
      const region = this.#chance() < 0.65 ? 'us-east-1' : 'us-west-2';
      const offerId = 1 + Math.floor(this.#chance() * 4);
      const affiliateId = this.#chance() < 0.6 ? 7 : 8;
      this.#clients.later(atMs, () => this.#visit(region, offerId, affiliateId));
    }
    for (const region of regionNames)
      for (let atMs = 0; atMs < trafficMs; atMs += minuteMs)
        this.#clients.later(atMs, () => this.#clients.probe(region));
  }

  async #visit(region: RegionName, offerId: number, affiliateId: number): Promise<void> {
    const sentOn = await this.#clients.click(region, offerId, affiliateId);
    if (sentOn === undefined || this.#chance() > 0.5) return;
    this.#sales.push(sentOn);
    const amount = (10 + 40 * this.#chance()).toFixed(2);
    const goal = sentOn.offerId === 2 && this.#chance() < 0.3 ? '&goal_id=4' : '';
    const status = this.#chance() < 0.3 ? 'pending' : 'approved';
    const says = `&amount=${amount}&status=${status}${goal}`;
    await this.world.time.sleep(this.#chance() * 3 * minuteMs);
    await this.#clients.report(this.#anyRegion(), sentOn.transactionId, says);
    // Some advertisers never trust an answer.
    if (this.#chance() < 0.2) await this.#clients.report(this.#anyRegion(), sentOn.transactionId, says);
  }

  /** Raised and lowered in the middle of the traffic. */
  #changeCaps(day: number): void {
    const caps = [[9], [4, 8], [5]][day] ?? [];
    for (const [index, dailyCap] of caps.entries()) {
      const atMs = ((index + 1) * trafficMs) / (caps.length + 1);
      this.world.time.after(atMs, () => publish(this.world, network(dailyCap, day === 0 ? 'soft' : 'hard')));
    }
  }

  /** Advertisers approve what was pending, and reject. Operators decide. */
  #changeMinds(): void {
    for (let count = 0; count < 4; count += 1) {
      const sale = this.#sales[Math.floor(this.#chance() * this.#sales.length)];
      const status = this.#chance() < 0.5 ? 'approved' : 'rejected';
      const delayMs = this.#chance() * minuteMs;
      if (sale)
        this.#clients.later(delayMs, () =>
          this.#clients.report(this.#anyRegion(), sale.transactionId, `&status=${status}`),
        );
    }
    const reports = conversionsOf(this.world);
    for (let count = 0; count < 2; count += 1) {
      const seen = reports[Math.floor(this.#chance() * reports.length)];
      if (seen) this.#decide(seen);
    }
  }

  #decide({ conversion_key, id: conversion_id }: LoggedEvent): void {
    const drawn = this.#chance();
    const says = drawn < 0.4 ? { verdict: 'reject' } : { verdict: 'approve', ...(drawn > 0.7 && { over_cap: true }) };
    const fields = { conversion_key: String(conversion_key), conversion_id, ...says } as const;
    this.#say({ type: 'decision', fields } as Draft);
  }

  /** An operator closes the period of a day, as `keeptrack periods close` does. */
  #close(day: string): void {
    const marks = { from: day, to: day, time_zone: this.timeZone, statement: '0'.repeat(32) };
    const event = this.#say({ type: 'period', fields: marks });
    const period: ClosedPeriod = {
      ...{ from: day, to: day, timeZone: this.timeZone, statement: marks.statement },
      ...{ closedAtMs: event.at as number, event },
    };
    for (const region of regionNames)
      this.world.regions[region].bucket.put(closedPeriodsKey, encodeClosedPeriods([period]));
    this.closings.push({ day, eventId: event.id });
  }

  #say(draft: Draft): LoggedEvent {
    this.#words += 1;
    const line = operatorLine(this.#words, this.world.time.nowMs(), draft);
    this.world.regions[this.#anyRegion()].intake.send({ body: line });
    return eventIn(line)[0] as LoggedEvent;
  }

  #storm(): readonly Fault[] {
    return Array.from({ length: Math.floor(this.#chance() * 4) }, () => anyFault(this.#chance));
  }

  /** A third of the attempts at two partners fail, and all at the third one. */
  #partnersRefuse(): void {
    for (const id of [1, 2]) {
      this.partners.answer(id, () => (this.#chance() < 0.3 ? unavailable : { kind: 'delivered', status: 200, ms: 50 }));
    }
    this.partners.answer(3, unavailable);
  }

  #anyRegion(): RegionName {
    return this.#chance() < 0.5 ? 'us-east-1' : 'us-west-2';
  }
}

/** Hours that have ended, as the ledger's task names them. */
function hoursSince(sinceMs: number, nowMs: number): readonly string[] {
  const count = Math.floor((nowMs - hourStart(sinceMs)) / hourMs);
  return Array.from({ length: count }, (_, index) => hourName(hourStart(sinceMs) + index * hourMs));
}

type Draft = Parameters<typeof operatorLine>[2];

function anyFault(chance: () => number): Fault {
  const places: readonly Omit<Fault, 'region' | 'rate'>[] = [
    { service: 's3', effect: 'error' },
    { service: 's3', effect: 'hang', actions: ['PutObject'] },
    { service: 's3', effect: 'lose-reply' },
    { service: 's3', effect: 'error', actions: ['GetObject'] },
    { service: 'sqs', effect: 'error', actions: ['SendMessage'] },
    { service: 'sqs', effect: 'lose-reply' },
    { service: 'dynamodb', effect: 'error', status: 400, code: 'ThrottlingException' },
    { service: 'link', effect: 'hang' },
    { service: 'link', effect: 'reset' },
    { service: 'region', effect: 'hang' },
    { service: 'schedule', effect: 'pause' },
    { service: 'pollers', effect: 'pause' },
  ];
  const place = places[Math.floor(chance() * places.length)] ?? { service: 's3', effect: 'error' };
  const region = regionNames[Math.floor(chance() * regionNames.length)] ?? 'us-east-1';
  const rate = chance() < 0.5 ? 1 : 0.4;
  const atMs = (chance() * trafficMs) / 2;
  return { ...place, region, rate, atMs, forMs: minuteMs + (chance() * trafficMs) / 2 };
}

/** Credited conversions of the log. */
function conversionsOf(world: SimulatedWorld): readonly LoggedEvent[] {
  return logged(world, 'us-east-1')
    .flatMap(eventIn)
    .filter(({ type, conversion_key: key }) => type === 'conversion' && key !== undefined);
}

function eventIn(line: string): readonly LoggedEvent[] {
  const parsed = parseLine(line);
  return parsed.kind === 'event' ? [parsed.event] : [];
}
