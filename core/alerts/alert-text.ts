import type { AlertMeasure, AlertRule } from '../catalog/alert-rule.ts';
import type { AlertHour } from './alert-hour.ts';
import { type Judgement, type Silence, tellsOfFall } from './judge-rule.ts';
import { countText, percentText, type Ratio } from './ratio.ts';
import type { Tally } from './tally.ts';

/** The names of offers and affiliates, by id. */
export interface AlertNames {
  readonly offers: ReadonlyMap<number, { readonly name: string }>;
  readonly affiliates: ReadonlyMap<number, { readonly name: string }>;
}

/** `conversion rate of offer 1500 below 0.5 %` */
export function ruleText(rule: AlertRule): string {
  return `${measureText(rule)}${subjectText(rule)} ${boundText(rule)}`;
}

/** What a person reads about an hour that is out of bounds: the figures, and what to look at. */
export function ruleAlertText(
  rule: AlertRule,
  hour: AlertHour,
  tally: Tally,
  judgement: Judgement,
  names: AlertNames,
): string {
  if (judgement.verdict === 'unknown') return '';
  const { value, bound, usual } = judgement;
  const is = valueText(rule.measure, value);
  const side = tellsOfFall(rule) ? 'below' : 'above';
  const usually = usual === undefined ? '' : `, usually ${valueText(rule.measure, usual)} at this hour of the week`;
  return [
    `Alert ${rule.id}: the ${measureText(rule)}${subjectText(rule, names)} is ${is} (${countsText(rule, tally)}),`,
    `${side} ${valueText(rule.measure, bound)}${usually}.`,
    `Hour: ${hourText(hour)}.`,
    `Look at: ${hintOf(rule)}`,
  ].join(' ');
}

/** `2026-11-23 04:15 to 05:15 UTC` */
function hourText({ startMs, endMs }: AlertHour): string {
  return `${minuteText(startMs)} to ${minuteText(endMs).slice('2026-11-23 '.length)} UTC`;
}

/** `0.43 %`, or `4,210` clicks. */
export function valueText(measure: AlertMeasure, value: Ratio): string {
  return measure === 'clicks' ? countText(value) : percentText(value);
}

export function silenceText(why: Silence): string {
  return silenceTexts[why];
}

const silenceTexts: Readonly<Record<Silence, string>> = {
  'few-clicks': 'too few clicks to tell',
  'few-conversions': 'too few conversions to tell',
  'few-weeks': 'figures of too few past weeks to compare with',
};

const measureTexts: Readonly<Record<AlertMeasure, string>> = {
  clicks: 'number of clicks',
  conversion_rate: 'conversion rate',
  pending_share: 'share of pending conversions',
  rejected_share: 'share of rejected conversions',
};

function measureText({ measure, reason }: AlertRule): string {
  return `${measureTexts[measure]}${reason === undefined ? '' : ` (${reason})`}`;
}

function subjectText({ offer_id: offerId, affiliate_id: affiliateId }: AlertRule, names?: AlertNames): string {
  const named = (id: number, entries: AlertNames['offers'] | undefined) => {
    const name = entries?.get(id)?.name;
    return name === undefined ? `${id}` : `${id} ${name}`;
  };
  return [
    offerId === undefined ? '' : ` of offer ${named(offerId, names?.offers)}`,
    affiliateId === undefined ? '' : ` of affiliate ${named(affiliateId, names?.affiliates)}`,
  ].join('');
}

function boundText({ measure, below, above, change_percent: change = 0 }: AlertRule): string {
  const unit = measure === 'clicks' ? '' : ' %';
  if (below !== undefined) return `below ${below}${unit}`;
  if (above !== undefined) return `above ${above}${unit}`;
  return `${change < 0 ? 'down' : 'up'} by ${Math.abs(change)} % or more against past weeks`;
}

function countsText({ measure, reason }: AlertRule, tally: Tally): string {
  const { clicks, conversions, pending, rejected } = tally;
  const count = (value: bigint) => value.toLocaleString('en-US');
  const reports = `${count(conversions + rejected)} conversions`;
  switch (measure) {
    case 'clicks':
      return `${count(conversions)} conversions`;
    case 'conversion_rate':
      return `${count(conversions)} conversions, ${count(clicks)} clicks`;
    case 'pending_share':
      return `${count(pending)} of ${reports} wait`;
    case 'rejected_share':
      return `${count(reason === undefined ? rejected : (tally.reasons.get(reason) ?? 0n))} of ${reports} are rejected`;
  }
}

function hintOf({ measure, offer_id: offerId, affiliate_id: affiliateId }: AlertRule): string {
  const only = [
    offerId === undefined ? '' : ` --offer ${offerId}`,
    affiliateId === undefined ? '' : ` --affiliate ${affiliateId}`,
  ].join('');
  const report = `keeptrack report --from 24h --by hour${only}`;
  const list = (status: string) => `keeptrack conversions list --from 24h --status ${status}${only}`;
  switch (measure) {
    case 'clicks':
      return `${report}; and whether links, landing page and traffic source changed.`;
    case 'conversion_rate':
      return `${report}; then open the landing page, and ask the advertiser whether postbacks are sent.`;
    case 'pending_share':
      return `${list('pending')}, which says for what each conversion waits.`;
    case 'rejected_share':
      return `${list('rejected')}, which says why each was rejected.`;
  }
}

function minuteText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');
}
