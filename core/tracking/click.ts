import { mintTransactionId, transactionRandomBytes } from '../event/transaction-id.ts';
import { clickCapFields } from './caps-check.ts';
import { type Credit, clickCreditOf, offerAndAffiliateFields } from './credit.ts';
import type { Decision, Reply, TrackContext, TrackRequest } from './decision.ts';
import { type Destination, defaultDestination, destinationOf, type Landing, landingOf } from './destination.ts';
import {
  idFields,
  linkFields,
  namedFields,
  otherFields,
  type PossibleFields,
  presentFields,
  visitorFields,
  wantsJson,
} from './fields.ts';
import { parseId } from './input/id.ts';
import { clickFieldNames } from './input/parameter-names.ts';
import type { Parameters } from './input/parameters.ts';
import type { MacroSource } from './macros.ts';
import { isRobot, previewerOf } from './preview.ts';
import { jsonReply, redirectTo, textReply, withoutBody } from './replies.ts';
import { offerTerms } from './terms.ts';
import { visitorMark } from './visitor.ts';

/** `/aff_c`: redirects the visitor, or answers the transaction id to a server that asks with `format=json`. */
export function decideClick(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  const credit = clickCreditOf(parameters, context);
  const landing = landingOf(credit, context);
  const offer = landing?.offer ?? credit.offer;
  const previewer = previewerOf(request, { librariesCount: wantsJson(parameters) });
  const transactionId = mint(credit, landing, context, isRobot(previewer));
  const destination = chooseDestination(request, parameters, context, { credit, landing, transactionId });
  const terms = offerTerms(context, offer, credit.affiliate?.id);
  const fields = presentFields(
    offerAndAffiliateFields(parameters, credit),
    idFields(parameters, ['url_id', 'file_id']),
    { txn: transactionId },
    outcomeFields(credit, landing, destination),
    terms,
    previewer === undefined ? clickCapFields(context, landing?.offer, credit.affiliate, terms) : {},
    { pay_unique: offer?.pay_unique_clicks_only || undefined },
    namedFields(parameters, clickFieldNames),
    linkFields(parameters),
    { preview_by: previewer, visitor: previewer === undefined ? visitorMark(request, context) : undefined },
    visitorFields(request, context.privacy),
    otherFields(parameters, request),
  );
  const reply = replyOf(parameters, credit, destination, transactionId);
  return {
    kind: 'capture',
    draft: { type: previewer === undefined ? 'click' : 'preview', fields },
    reply: request.method === 'HEAD' ? withoutBody(reply) : reply,
  };
}

/**
 * A later conversion counts for the offer on which the visitor lands. Without such an offer or without an active
 * affiliate it is credited to nobody.
 */
function mint(credit: Credit, landing: Landing | undefined, context: TrackContext, byRobot: boolean): string {
  const click = {
    clickedAtMs: context.nowMs,
    region: context.region,
    offerId: landing?.offer.id ?? credit.offer?.id ?? 0,
    affiliateId: (landing && credit.affiliate?.id) ?? 0,
    byRobot: byRobot || undefined,
  };
  return mintTransactionId(click, context.random.bytes(transactionRandomBytes), context.keys);
}

interface Found {
  readonly credit: Credit;
  readonly landing: Landing | undefined;
  readonly transactionId: string;
}

/** An unusable offer URL is treated like a click that no offer takes: it goes to the network's default URL, if any. */
function chooseDestination(
  request: TrackRequest,
  parameters: Parameters,
  context: TrackContext,
  { credit, landing, transactionId }: Found,
): Destination {
  if (landing === undefined) return defaultDestination(context.catalog);
  const { advertisers, creatives } = context.catalog;
  const advertiser = advertisers.get(landing.offer.advertiser_id);
  const creative = creatives.get(parseId(parameters.known.get('file_id')) ?? 0);
  const source: MacroSource = {
    offer: landing.offer,
    affiliate: credit.affiliate,
    advertiser,
    creative,
    transactionId,
    parameters,
    ip: request.ip,
    nowMs: context.nowMs,
    random: context.random,
  };
  const destination = destinationOf(landing, source, parameters);
  return destination.url === undefined ? defaultDestination(context.catalog) : destination;
}

function outcomeFields(credit: Credit, landing: Landing | undefined, destination: Destination): PossibleFields {
  return {
    // When a redirect offer took the click, the fault of the first offer no longer matters. That of the affiliate does.
    reason: (landing && credit.affiliateRefusal) ?? credit.refusal,
    cap: credit.cap,
    destination: destination.kind,
    redirect_offer_id: landing?.redirected ? landing.offer.id : undefined,
    deep_link_refused: destination.deepLinkRefused,
  };
}

function replyOf(parameters: Parameters, credit: Credit, { url, kind }: Destination, transactionId: string): Reply {
  if (wantsJson(parameters)) {
    const isTaken = url !== undefined && kind !== 'default';
    return isTaken
      ? jsonReply(200, { success: true, transaction_id: transactionId, url })
      : jsonReply(404, { success: false, reason: credit.refusal ?? 'destination-unusable', ...(url && { url }) });
  }
  return url === undefined ? textReply(404, 'This link leads nowhere: its offer is not available.\n') : redirectTo(url);
}
