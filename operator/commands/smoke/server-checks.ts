import { mentions, says } from './answer-judges.ts';
import { type Chosen, takesAnybodys } from './choose-offer.ts';
import type { SmokeCheck } from './smoke-check.ts';
import { smokeSource } from './visitor-checks.ts';

/** Requests as advertisers' servers and health checkers send them. */

/**
 * Conversions of a transaction of this run. They are tests, so they count nowhere. The command has no advertiser's
 * secret: where one is needed, the conversions are rejected, and neither the reason nor the reply is checked.
 */
export function conversionChecks(chosen: Chosen, run: string, transactionId: string): readonly SmokeCheck[] {
  const { offer, affiliate, advertiser } = chosen;
  const [goal] = offer.goals;
  const isOpen = takesAnybodys(offer, advertiser);
  const judge = isOpen ? says('success=true;') : mentions('success=');
  const conversion = (name: string, target: string, more: Partial<SmokeCheck> = {}): SmokeCheck => {
    const marks = `transaction_id=${transactionId}&adv_sub=${run}&adv_sub2=${encodeURIComponent(name)}&adv_sub3=${smokeSource}&test=1`;
    const event = {
      type: 'conversion',
      offer_id: offer.id,
      aff_id: affiliate.id,
      txn: transactionId,
      test: true,
      ...(isOpen && { reason: null }),
      adv_sub: run,
      adv_sub2: name,
    };
    const asQuery = { target: `${target}${target.includes('?') ? '&' : '?'}${marks}` };
    const sent = more.method === 'POST' ? { target, body: bodyOf(marks, more) } : asQuery;
    return { name, status: 200, judge, ...more, ...sent, event: { ...event, ...more.event } };
  };
  return [
    conversion('conversion', '/aff_lsr'),
    conversion('conversion, posted', '/aff_lsr', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
    conversion('conversion, posted as JSON', '/aff_lsr', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    }),
    ...(goal ? [conversion('goal', `/aff_goal?a=lsr&goal_id=${goal.id}`, { event: { goal_id: goal.id } })] : []),
  ];
}

function bodyOf(marks: string, { headers }: Partial<SmokeCheck>): string {
  if (headers?.['content-type'] !== 'application/json') return marks;
  return JSON.stringify(Object.fromEntries(new URLSearchParams(marks)));
}

/** `region` is the region that answers. */
export function pageChecks(region: string, peer: string): readonly SmokeCheck[] {
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
