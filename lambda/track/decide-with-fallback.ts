import type { Log } from '../../core/ports.ts';
import type { Decision, TrackContext, TrackRequest } from '../../core/tracking/decision.ts';
import { isTokenName, withoutTokens } from '../../core/tracking/input/secrets.ts';

export type Decide = (request: TrackRequest, context: TrackContext) => Decision;

/**
 * A defect in the core must not cost a visitor the redirect. Most likely something in the link triggers the defect. So
 * a click or an impression is decided again as the barest link of its offer and affiliate. The event then holds the
 * query as it came, and `undecided`. A conversion is not decided again: without its amounts it would be wrong, and its
 * sender retries.
 */
export function decideWithFallback(decide: Decide, log: Log): Decide {
  return (request, context) => {
    try {
      return decide(request, context);
    } catch (error) {
      if (!visitorPaths.has(request.path)) throw error;
      log.error('a link could not be decided; its barest form is taken', { path: request.path, error });
      return decideBarely(decide, request, context);
    }
  };
}

const visitorPaths: ReadonlySet<string> = new Set(['/aff_c', '/aff_i']);

function decideBarely(decide: Decide, request: TrackRequest, context: TrackContext): Decision {
  const { rawQuery } = request;
  const decision = decide({ ...request, referer: '', rawQuery: bareQuery(rawQuery) }, context);
  if (decision.kind !== 'capture') return decision;
  const { type, fields } = decision.draft;
  return { ...decision, draft: { type, fields: { ...fields, undecided: true, raw_query: withoutSecrets(rawQuery) } } };
}

/** A postback's token does not belong in a visitor's link. When somebody puts it there, the log must not show it. */
function withoutSecrets(rawQuery: string): string {
  return rawQuery.split('&').map(withoutSecret).join('&');
}

function withoutSecret(pair: string): string {
  const [name = ''] = pair.split('=');
  return isTokenName(name) ? `${name}=` : withoutTokens(pair);
}

function bareQuery(rawQuery: string): string {
  return [...rawQuery.matchAll(/(?:^|[&?;])((?:offer_id|aff_id)=\d{1,10})(?=&|$)/g)].map(([, pair]) => pair).join('&');
}
