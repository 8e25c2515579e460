import type { CounterName } from '../../../core/figures/row.ts';
import { isFinal, quarterCount } from '../../../core/ledger/hour-state.ts';
import { limits } from '../../../core/limits/limits.ts';
import { amountText } from '../../../core/money/amount-text.ts';
import { plural, utcHour } from '../../cli/format.ts';
import type { Difference } from './compare-rows.ts';
import type { ReconciledHour } from './reconcile-hour.ts';
import { agrees, type ComparedHour } from './reconcile-hours.ts';

/** Notes, then every hour that differs, then how many hours agree. */
export function reconcileLines(compared: readonly ComparedHour[], regions: readonly string[]): readonly string[] {
  const differing = compared.filter((one) => !agrees(one));
  return [
    ...compared.flatMap(noteLines),
    ...differing.flatMap(hourLines),
    summary(compared, differing.length, regions),
  ];
}

function summary(compared: readonly ComparedHour[], differing: number, regions: readonly string[]): string {
  const same = compared.length - differing;
  const provisional = compared.filter(
    (one) => agrees(one) && one.regions.some(({ state, segments }) => !(state && isFinal(state)) && segments > 0),
  );
  const where = regions.length > 1 ? `${regions.join(' and ')} agree` : `${regions.join()} agrees`;
  const still = provisional.length > 0 ? ` (${provisional.length} of them still provisional)` : '';
  return `log and figures of ${where} in ${same} of ${plural(compared.length, 'hour')}${still}`;
}

function hourLines({ hour, regions, failed, regionsDiffer }: ComparedHour): readonly string[] {
  return [
    ...regions.filter(({ differences }) => differences.length > 0).flatMap(regionLines),
    ...failed.map(({ region, reason }) => `${utcHour(hour)} ${region}: NOT COMPARED: ${reason}`),
    ...(regionsDiffer ? [`${utcHour(hour)}: the final figures of the two regions differ`] : []),
  ];
}

/** Facts that are no difference, but worth knowing. */
function noteLines({ hour, regions, onlyIn }: ComparedHour): readonly string[] {
  const unreadable = regions.filter((one) => one.unreadable > 0);
  const unknown = regions.filter((one) => one.unknown > 0);
  return [
    ...unknown.map(
      (one) =>
        `${utcHour(hour)} ${one.region}: ${plural(one.unknown, 'event')} of a later release: kept in the log, in no figures of this release`,
    ),
    ...unreadable.map(
      (one) =>
        `${utcHour(hour)} ${one.region}: ${plural(one.unreadable, 'segment')} cannot be read in either log: the events in it are in no figures`,
    ),
    ...Object.entries(onlyIn).map(
      ([region, count]) =>
        `${utcHour(hour)}: ${plural(count, 'segment')} only in the log of ${region}, and owed to the other log`,
    ),
  ];
}

const { printedMax } = limits.reconcile;

function regionLines({ hour, region, state, differences, causes }: ReconciledHour): readonly string[] {
  const rows = rowLines(differences);
  const left = rows.length - printedMax;
  const figures = state && isFinal(state) ? `final, revision ${state.revision}` : 'provisional';
  return [
    `${utcHour(hour)} ${region} (${figures}): DIFFERS`,
    ...rows.slice(0, printedMax).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${plural(left, 'row')} more: --json has them`] : []),
    ...causes.map(({ text }) => `  why: ${text}`),
  ];
}

const quarterMinutes = 60 / quarterCount;

/** One line for each row, with all of its counters that differ. */
function rowLines(differences: readonly Difference[]): readonly string[] {
  const rows = new Map<string, string[]>();
  for (const difference of differences) {
    const { quarter, offerId, affiliateId, goalId, region, currency } = difference.key;
    const goal = goalId === 0 ? '' : `, goal ${goalId}`;
    const name = `offer ${offerId}, affiliate ${affiliateId}${goal}, from ${region}${currency === '' ? '' : `, ${currency}`}, minute ${quarter * quarterMinutes} on`;
    rows.set(name, [...(rows.get(name) ?? []), counterText(difference)]);
  }
  return [...rows].map(([name, counters]) => `${name}: ${counters.join('; ')}`);
}

/** `clicks 10 in the log, 8 in the figures` */
function counterText({ counter, inLog, inFigures }: Difference): string {
  const text = (count: bigint) => countText(counter, count);
  return `${counter.replace(/_micros$/, '')} ${text(inLog)} in the log, ${text(inFigures)} in the figures`;
}

export function countText(counter: CounterName, count: bigint): string {
  return counter.endsWith('_micros') ? amountText(count) : count.toString();
}
