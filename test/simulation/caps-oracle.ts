import { dayIn } from '../../core/config/time-zone.ts';
import { worthOf } from '../../core/conversions/conversion-terms.ts';
import { isOperatorType } from '../../core/conversions/operator-events.ts';
import { conversionStanding } from '../../core/conversions/standing.ts';
import type { LoggedEvent } from '../../core/event/event.ts';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { quarterOf, rowKeyOf } from '../../core/figures/classify.ts';
import { eventOutcome } from '../../core/figures/outcome.ts';
import { salesPartOf } from '../../core/figures/sales-part.ts';
import { earningsOf } from '../../core/money/earnings.ts';
import { distinctEvents } from '../core/figures/naive-figures.ts';
import { operatorKeys } from '../operator-lines.ts';

/**
 * What hard caps come to, in the simplest way (docs/decisions/0021): all takers in order, and for each cap of each one a
 * look at everything that has taken room before. Nothing here is shared with the code of the ledger's caps.
 */

/** A conversion or a credited click that counts, unless a cap has no room. */
interface Taker {
  readonly id: string;
  readonly kind: 'conversion' | 'click';
  readonly day: string;
  readonly quarter: number;
  readonly minute: number;
  readonly offerId: number;
  readonly affiliateId: number;
  readonly goalId: number;
  readonly status: 'approved' | 'pending';
  /** In millionths of USD, the only currency. */
  readonly payout: bigint;
  readonly revenue: bigint;
  readonly caps: readonly StampedLimit[];
  readonly countsGoals: boolean;
  readonly becomes: 'pending' | 'rejected';
  readonly isPaidOverCap: boolean;
  readonly placedById: string;
}

interface StampedLimit {
  /** `monthly_payout_cap` */
  readonly name: string;
  readonly isAffiliates: boolean;
  readonly limit: bigint;
}

export interface Judged extends Taker {
  /** The caps without room. Empty for what is payable. */
  readonly full: readonly string[];
}

export interface Closing {
  readonly day: string;
  readonly eventId: string;
}

/** What every conversion key of the log has come to, by key. */
export function standingsIn(lines: readonly string[]) {
  const byKey = new Map<string, LoggedEvent[]>();
  for (const event of trusted(lines)) {
    const part = salesPartOf(event);
    if (part?.kind === 'conversion') byKey.set(part.key, [...(byKey.get(part.key) ?? []), event]);
  }
  return [...byKey].flatMap(([key, events]) => {
    const says = events.flatMap((event) => {
      const part = salesPartOf(event);
      return part?.kind === 'conversion' ? [part.says] : [];
    });
    const standing = conversionStanding(says);
    const first = events.find(({ id }) => id === standing?.firstId);
    return standing && first ? [{ key, standing, first, events }] : [];
  });
}

/** Everything that takes room of caps, and whether it has it. */
export function judgedTakers(
  lines: readonly string[],
  timeZone: string,
  closings: readonly Closing[],
): readonly Judged[] {
  const dayOf = dayIn(timeZone);
  const takers = [...conversionsIn(lines, dayOf), ...clicksIn(lines, dayOf)];
  const days = [...new Set(takers.map(({ day }) => day))].sort();
  const judged: Judged[] = [];
  for (const day of days) {
    const ofDay = takers.filter((taker) => taker.day === day);
    const closedById = closings.find((closing) => closing.day === day)?.eventId;
    judged.push(...judgeDay(ofDay, judged, closedById));
  }
  return judged;
}

function judgeDay(ofDay: readonly Taker[], earlier: readonly Judged[], closedById = '~'): readonly Judged[] {
  const isLate = ({ placedById }: Taker) => placedById > closedById;
  const inOrder = ofDay.toSorted((one, other) => {
    if (isLate(one) !== isLate(other)) return isLate(one) ? 1 : -1;
    if (isLate(one)) return compare(one.placedById, other.placedById) || compare(one.id, other.id);
    const kinds = Number(one.kind === 'click') - Number(other.kind === 'click');
    return one.minute - other.minute || kinds || compare(one.id, other.id);
  });
  const judged: Judged[] = [];
  for (const taker of inOrder) {
    const lacksRoom = (cap: StampedLimit) => {
      const unstamped = ofDay.filter((one) => !hasStamp(one, cap, taker) && one.quarter <= taker.quarter);
      const before = judged.filter((one) => hasStamp(one, cap, taker) && one.full.length === 0);
      const inPeriod = earlier.filter((one) => one.full.length === 0 && isSamePeriod(one, taker, cap));
      const takers = [...inPeriod, ...unstamped, ...before].filter((one) => takesRoomOf(one, cap, taker));
      const taken = takers.reduce((sum, one) => sum + amountOf(one, cap), 0n);
      const amount = amountOf(taker, cap);
      return amount > 0n && taken + amount > cap.limit;
    };
    const full = taker.isPaidOverCap ? [] : taker.caps.filter(lacksRoom);
    judged.push({ ...taker, full: full.map((cap) => nameOf(cap, taker)) });
  }
  return judged;
}

function nameOf({ name, isAffiliates }: StampedLimit, { offerId, affiliateId }: Taker): string {
  return `${offerId}/${isAffiliates ? affiliateId : 0}/${name}`;
}

function hasStamp({ caps, countsGoals }: Taker, { name, isAffiliates }: StampedLimit, like: Taker): boolean {
  return countsGoals === like.countsGoals && caps.some((cap) => cap.name === name && cap.isAffiliates === isAffiliates);
}

function isSamePeriod({ day }: Taker, { day: own }: Taker, { name }: StampedLimit): boolean {
  if (name.startsWith('lifetime_')) return true;
  return name.startsWith('monthly_') && day.slice(0, 7) === own.slice(0, 7);
}

/** Whether `one` takes room of the cap on the line of `taker`. */
function takesRoomOf(one: Taker, { isAffiliates }: StampedLimit, taker: Taker): boolean {
  if (one.isPaidOverCap || one.offerId !== taker.offerId) return false;
  if (isAffiliates && one.affiliateId !== taker.affiliateId) return false;
  return one.goalId === 0 || taker.countsGoals;
}

function amountOf({ kind, payout, revenue }: Taker, { name }: StampedLimit): bigint {
  if (name.endsWith('payout_cap')) return payout;
  if (name.endsWith('revenue_cap')) return revenue;
  return name.endsWith(`${kind}_cap`) ? 1n : 0n;
}

type DayOf = (timeMs: number) => string;

function conversionsIn(lines: readonly string[], dayOf: DayOf): readonly Taker[] {
  return standingsIn(lines).flatMap(({ standing, first }) => {
    const { status, placedById = '' } = standing;
    const isPaidOverCap = standing.isPaidOverCap === true && typeof first['caps'] === 'string';
    if (status !== 'approved' && status !== 'pending') return [];
    const { payoutMicros: payout, revenueMicros: revenue } = worthOf(standing);
    const becomes = first['over_cap'] === 'pending' ? 'pending' : 'rejected';
    return [
      { ...placeOf(first, dayOf), kind: 'conversion', status, payout, revenue, becomes, isPaidOverCap, placedById },
    ];
  });
}

function clicksIn(lines: readonly string[], dayOf: DayOf): readonly Taker[] {
  const clicks = trusted(lines).filter((event) => event.type === 'click' && eventOutcome(event) === 'credited');
  return clicks.map((event) => {
    const { payoutMicros: payout, revenueMicros: revenue } = earningsOf(event);
    const plain = { status: 'approved', becomes: 'rejected', isPaidOverCap: false, placedById: '' } as const;
    return { ...placeOf(event, dayOf), kind: 'click', payout, revenue, ...plain };
  });
}

function placeOf(event: LoggedEvent, dayOf: DayOf) {
  const atMs = uuidTimeMs(event.id);
  const outcome = event.type === 'click' ? 'credited' : 'approved';
  const { offerId, affiliateId, goalId } = rowKeyOf(event, outcome, quarterOf(event.id));
  return {
    ...{ id: event.id, offerId, affiliateId, goalId, day: dayOf(atMs) },
    ...{ minute: Math.floor(atMs / 60_000), quarter: Math.floor(atMs / 900_000) },
    caps: stampedLimits(event['caps']),
    countsGoals: event['caps_count_goals'] === true,
  };
}

/** `conversion_cap=100 affiliate:monthly_payout_cap=12.5` */
function stampedLimits(text: unknown): readonly StampedLimit[] {
  if (typeof text !== 'string') return [];
  return text.split(' ').map((part) => {
    const [, affiliates, name = '', whole = '', decimals = ''] =
      /^(affiliate:)?(.+)=(\d+)(?:\.(\d+))?$/.exec(part) ?? [];
    const isMoney = /payout|revenue/.test(name);
    const limit = isMoney ? BigInt(`${whole}${decimals.padEnd(6, '0')}`) : BigInt(whole);
    return { name, isAffiliates: affiliates !== undefined, limit };
  });
}

function trusted(lines: readonly string[]): readonly LoggedEvent[] {
  return distinctEvents(lines).filter((event) => !isOperatorType(event.type) || operatorKeys.hasSigned(event));
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
