import type { JsonValue } from '../../../core/event/event.ts';
import { limits } from '../../../core/limits/limits.ts';
import { safeLocation } from '../../../core/tracking/location.ts';
import {
  answersLandingAsJson,
  both,
  isImage,
  landsOn,
  landsOnPage,
  leadsTo,
  mentions,
  setsNo,
  takesRawCharacters,
} from './answer-judges.ts';
import type { Chosen } from './choose-offer.ts';
import type { SmokeCheck } from './smoke-check.ts';

/** Requests as browsers send them: clicks, impressions, previews, deep links and mangled links. */

/** The `source` of every event of a smoke test. */
export const smokeSource = 'keeptrack-smoke';

/** `run` marks this run's events in `aff_sub`. `aff_sub2` names the check. */
export function visitorChecks(chosen: Chosen, run: string): readonly SmokeCheck[] {
  return [
    ...plainChecks(chosen, run),
    ...mangledChecks(chosen, run),
    ...deepLinkChecks(chosen, run),
    ...refusedChecks(chosen, run),
  ];
}

/** The check whose answer has the transaction id for the conversions. */
export const jsonClick = 'click, format=json';

const prefetch = { 'sec-purpose': 'prefetch;prerender' };
const bot = { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' };

function plainChecks({ offer, affiliate, ...chosen }: Chosen, run: string): readonly SmokeCheck[] {
  const link = `offer_id=${offer.id}&aff_id=${affiliate.id}`;
  const credited = { offer_id: offer.id, aff_id: affiliate.id, reason: null };
  const click = { status: 302, judge: landsOn(offer) };
  return [
    marked(run, 'click', `/aff_c?${link}`, { ...click, event: { type: 'click', ...credited } }),
    marked(run, jsonClick, `/aff_c?${link}&format=json`, {
      status: 200,
      judge: answersLandingAsJson(offer),
      event: { type: 'click', ...credited },
    }),
    marked(run, 'impression', `/aff_i?${link}`, {
      status: 200,
      judge: isImage,
      event: { type: 'impression', ...credited },
    }),
    marked(run, 'HEAD', `/aff_c?${link}`, { ...click, method: 'HEAD', event: { type: 'preview', preview_by: 'HEAD' } }),
    marked(run, 'link preview', `/aff_c?${link}`, { ...click, headers: bot, event: { type: 'preview', ...credited } }),
    marked(run, 'prefetch', `/aff_c?${link}`, { ...click, headers: prefetch, event: { type: 'preview', ...credited } }),
    unknownOffer(chosen, affiliate.id, run),
  ];
}

function unknownOffer(
  { catalog, unknownOfferId }: Pick<Chosen, 'catalog' | 'unknownOfferId'>,
  affiliateId: number,
  run: string,
): SmokeCheck {
  const { default_url } = catalog.network;
  const url = default_url && safeLocation(default_url);
  return marked(run, 'unknown offer', `/aff_c?offer_id=${unknownOfferId}&aff_id=${affiliateId}`, {
    status: url ? 302 : 404,
    judge: leadsTo(url),
    event: { type: 'click', reason: 'offer-unknown' },
  });
}

/** A link that was handed out as `http://…`, for a front door that serves port 80. */
export function overHttpChecks({ offer, affiliate }: Chosen, run: string): readonly SmokeCheck[] {
  const event = { type: 'click', offer_id: offer.id, aff_id: affiliate.id, reason: null, over_http: true };
  const link = `/aff_c?offer_id=${offer.id}&aff_id=${affiliate.id}`;
  return [{ ...marked(run, 'click, port 80', link, { status: 302, judge: landsOn(offer), event }), isOverHttp: true }];
}

/** Links as careless templates and other systems mangle them. */
function mangledChecks({ offer, affiliate, unknownOfferId }: Chosen, run: string): readonly SmokeCheck[] {
  const link = `offer_id=${offer.id}&aff_id=${affiliate.id}`;
  const lands = (event: Readonly<Record<string, JsonValue>>) => ({
    status: 302,
    judge: landsOn(offer),
    event: { type: 'click', offer_id: offer.id, aff_id: affiliate.id, reason: null, ...event },
  });
  const mangled = (name: string, query: string, event: Readonly<Record<string, JsonValue>>) =>
    marked(run, name, `/aff_c?${query}`, lands(event));
  const injected = 'x%0d%0aset-cookie:%20smoke=1';
  return [
    mangled('foreign macros', `${link}&aff_sub3=%7Btheir_macro%7D&aff_sub4=%23clickid%23&aff_sub5=%5B%5Bid%5D%5D`, {
      aff_sub3: '{their_macro}',
      aff_sub4: '#clickid#',
      aff_sub5: '[[id]]',
    }),
    {
      ...mangled('raw characters', `${link}&aff_sub3={aff_sub}&aff_sub4=a|b&aff_sub5="c"`, {
        aff_sub3: '{aff_sub}',
        aff_sub4: 'a|b',
        aff_sub5: '"c"',
      }),
      judge: both(takesRawCharacters, landsOn(offer)),
    },
    mangled('&amp; for &', `${link.replace('&', '&amp;')}&amp;aff_sub3=escaped`, { aff_sub3: 'escaped' }),
    mangled('parameters twice', `offer_id=${unknownOfferId}&aff_sub3=first&${link}&aff_sub3=last`, {
      aff_sub3: 'last',
    }),
    mangled('malformed percent', `${link}&aff_sub3=100%&aff_sub4=%E4`, { aff_sub3: '100%', aff_sub4: '%E4' }),
    {
      ...mangled('line break in a value', `${link}&aff_sub3=${injected}`, {}),
      judge: both(landsOn(offer), setsNo('set-cookie')),
    },
  ];
}

/** An allowed deep link is followed. Every other one leads to the offer's own page. */
function deepLinkChecks({ deepLink, affiliate }: Chosen, run: string): readonly SmokeCheck[] {
  if (deepLink === undefined) return [];
  const { offer, host } = deepLink;
  const link = `/aff_c?offer_id=${offer.id}&aff_id=${affiliate.id}`;
  const allowed = {
    status: 302,
    judge: landsOnPage(host, '/keeptrack/smoke', { a: '1', b: '2' }),
    event: { type: 'click', offer_id: offer.id, destination: 'deep-link' },
  };
  const refused = (reason: string) => ({
    status: 302,
    judge: landsOn(offer),
    event: { type: 'click', offer_id: offer.id, deep_link_refused: reason },
  });
  const page = `https://${host}/keeptrack/smoke?a=1&b=2`;
  const elsewhere = 'keeptrack-smoke.invalid';
  const deep = (name: string, url: string, rest: Omit<SmokeCheck, 'name' | 'target'>) =>
    marked(run, name, `${link}&url=${url}`, rest);
  return [
    deep('deep link', encodeURIComponent(page), allowed),
    deep('deep link, not encoded', page, allowed),
    deep('deep link, half encoded', `https://${host}/keeptrack/smoke%3Fa%3D1%26b%3D2`, allowed),
    deep('deep link elsewhere', encodeURIComponent(`https://${elsewhere}/`), refused('host')),
    deep('deep link with a user name', encodeURIComponent(`https://${host}@${elsewhere}/`), refused('malformed')),
    deep('deep link with a backslash', encodeURIComponent(`https://${host}\\@${elsewhere}/`), refused('malformed')),
    deep('deep link without a scheme', encodeURIComponent(`//${elsewhere}/`), refused('malformed')),
  ];
}

function refusedChecks({ offer }: Chosen, run: string): readonly SmokeCheck[] {
  const filling = 'x'.repeat(limits.link.urlBytesMax);
  const target = `/aff_c?offer_id=${offer.id}&aff_sub=${run}&aff_sub3=${filling}`;
  return [
    { name: 'too long a link', target, status: 414, judge: mentions('too long') },
    { name: 'unknown path', target: '/keeptrack-smoke', status: 404, judge: leadsTo(undefined) },
  ];
}

/** The marks stand last, so that an unencoded deep link ends where they begin. */
function marked(run: string, name: string, target: string, rest: Omit<SmokeCheck, 'name' | 'target'>): SmokeCheck {
  const marks = { source: smokeSource, aff_sub: run, aff_sub2: name };
  const query = Object.entries(marks)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&');
  return { name, target: `${target}&${query}`, ...rest, event: { ...rest.event, ...marks } };
}
