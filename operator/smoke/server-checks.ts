import type { Check } from './check.ts';
import type { Chosen } from './chosen.ts';
import { mentions, says } from './judges.ts';
import { smokeSource } from './visitor-checks.ts';

/** What advertisers' servers and health checkers send. */

/** Conversions of the transaction that a click of this run handed out. */
export function conversionChecks({ offer, affiliate }: Chosen, run: string, transactionId: string): readonly Check[] {
  const [goal] = offer.goals;
  const goalId = goal?.id ?? 1;
  const conversion = (name: string, target: string, more: Partial<Check> = {}): Check => {
    const marks = `transaction_id=${transactionId}&adv_sub=${run}&adv_sub2=${encodeURIComponent(name)}&adv_sub3=${smokeSource}&test=1`;
    const event = {
      type: 'conversion',
      offer_id: offer.id,
      aff_id: affiliate.id,
      txn: transactionId,
      reason: null,
      adv_sub: run,
      adv_sub2: name,
    };
    const isPosted = more.method === 'POST';
    const sent = isPosted
      ? { target, body: marks }
      : { target: `${target}${target.includes('?') ? '&' : '?'}${marks}` };
    return { name, status: 200, judge: says('success=true;'), ...more, ...sent, event: { ...event, ...more.event } };
  };
  return [
    conversion('conversion', '/aff_lsr'),
    conversion('conversion, posted', '/aff_lsr', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    conversion('goal', `/aff_goal?a=lsr&goal_id=${goalId}`, { event: { goal_id: goalId } }),
  ];
}

/** `region` is the one that answers. */
export function pageChecks(region: string, peer: string): readonly Check[] {
  return [
    { name: '/health', target: '/health', status: 200, judge: mentions('keeptrack-ok') },
    {
      name: '/drained of its peer',
      target: `/drained/${peer}`,
      status: 200,
      judge: mentions('"keeptrack-drained"', '"drained":"no"'),
    },
    { name: '/drained of itself', target: `/drained/${region}`, status: 404, judge: () => [] },
  ];
}
