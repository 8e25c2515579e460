import { capKindOf, isMoneyMeasure } from '../../../core/caps/cap.ts';
import { type CapCount, type CapCounts, keyOfCount } from '../../../core/caps/cap-counts.ts';
import { clicksBound, unseenMs } from '../../../core/caps/clicks-bound.ts';
import { shareOf, trafficInForce } from '../../../core/caps/shares.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import { ageText, plural, utcText } from '../../cli/format.ts';
import { tableLines } from '../../cli/text-table.ts';
import type { StatusFacts } from './status-facts.ts';

/** Closed caps are all shown, and so many of the open ones that are fullest. */
const openShown = 20;

/** The caps as the region with the freshest counts knows them. Empty without caps. `all`: also those far from full. */
export function capLines(facts: StatusFacts, all: boolean): readonly string[] {
  const counts = freshest(facts);
  if (counts === undefined) return [];
  const { asOfMs, region, caps } = counts;
  const sorted = caps.toSorted((one, other) => fullness(other) - fullness(one));
  const open = sorted.filter(({ isClosed }) => !isClosed);
  const shown = new Set([...sorted.filter(({ isClosed }) => isClosed), ...(all ? open : open.slice(0, openShown))]);
  const left = caps.length - shown.size;
  return [
    '',
    `CAPS, as ${region} counted them ${ageText(Math.max(0, facts.atMs - asOfMs) / 1_000)} ago`,
    ...tableLines([
      ['cap (offer/affiliate)', 'used', 'limit', '', 'state', 'clicks sent on late: at most', 'at the recent rate'],
      ...sorted.filter((count) => shown.has(count)).map((count) => rowOf(count, counts, facts)),
    ]).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${plural(left, 'cap')} less full; --caps shows them`] : []),
  ];
}

/** `3 closed, 12 near, of 500; counted 40 s ago` */
export function capsSummary(
  { caps, asOfMs, alertPercent, isPartitioned, hasComeOver }: CapCounts,
  atMs: number,
): string {
  const closed = caps.filter(({ isClosed }) => isClosed).length;
  const near = caps.filter((count) => isNear(count, alertPercent)).length;
  const use = hasComeOver ? 'has taken over the traffic' : 'keeps to its share';
  const sharing = isPartitioned ? `; ${use}` : '';
  return `${closed} closed, ${near} near, of ${caps.length}; counted ${ageText(Math.max(0, atMs - asOfMs) / 1_000)} ago${sharing}`;
}

/** What a program reads: counts and money as text, because they can exceed the exact integers of JSON readers. */
export function capsJson(
  counts: CapCounts,
  facts: Pick<StatusFacts, 'atMs' | 'storeWindowSeconds' | 'throttledPerSecond'>,
) {
  const { caps, networkTraffic: _, ...head } = counts;
  return {
    ...head,
    caps: caps.map((count) => ({
      cap: keyOfCount(count),
      ...{ mode: count.mode, period: count.period, used: textOf(count, count.used), limit: textOf(count, count.limit) },
      ...(isMoney(count) && { currency: count.currency }),
      ...{ isClosed: count.isClosed, isNear: isNear(count, counts.alertPercent) },
      ...{ reachedAtMs: count.reachedAtMs, openUntilMs: count.openUntilMs },
      share: shareOf(trafficInForce(count.traffic, counts)),
      clicksSentOnLate: boundOf(count, counts, facts),
    })),
  };
}

function freshest({ regions }: StatusFacts): CapCounts | undefined {
  const known = regions.flatMap(({ caps }) => (caps.kind === 'known' && caps.value ? [caps.value] : []));
  return known.toSorted((one, other) => other.asOfMs - one.asOfMs)[0];
}

function rowOf(count: CapCount, counts: CapCounts, facts: StatusFacts): readonly string[] {
  const { worst, expected } = boundOf(count, counts, facts);
  const currency = isMoney(count) ? ` ${count.currency}` : '';
  return [
    keyOfCount(count),
    textOf(count, count.used),
    `${textOf(count, count.limit)}${currency}`,
    `${Math.floor(fullness(count))} %`,
    stateText(count, counts.alertPercent),
    `${worst}`,
    `${expected}`,
  ];
}

function stateText(count: CapCount, alertPercent: number): string {
  const { mode, isClosed, reachedAtMs } = count;
  if (isClosed) return `${mode}, closed${reachedAtMs === undefined ? '' : ` since ${utcText(reachedAtMs)}`}`;
  return isNear(count, alertPercent) ? `${mode}, near` : `${mode}, open`;
}

function boundOf(
  { clicksPerMinute }: CapCount,
  { asOfMs }: CapCounts,
  {
    atMs,
    storeWindowSeconds,
    throttledPerSecond,
  }: Pick<StatusFacts, 'atMs' | 'storeWindowSeconds' | 'throttledPerSecond'>,
) {
  return clicksBound(unseenMs({ nowMs: atMs, asOfMs, storeWindowSeconds }), { clicksPerMinute, throttledPerSecond });
}

function isNear(count: CapCount, alertPercent: number): boolean {
  return !count.isClosed && fullness(count) >= alertPercent;
}

/** In percent of the limit. */
function fullness({ used, limit }: CapCount): number {
  return Number((used * 10_000n) / limit) / 100;
}

function isMoney({ name }: CapCount): boolean {
  return isMoneyMeasure(capKindOf(name).measure);
}

function textOf(count: CapCount, value: bigint): string {
  return isMoney(count) ? amountText(value) : `${value}`;
}
