import { creditOf, offerAndAffiliateFields } from './credit.ts';
import type { Decision, TrackContext, TrackRequest } from './decision.ts';
import { idFields, linkFields, namedFields, otherFields, presentFields, visitorFields } from './fields.ts';
import { clickFieldNames } from './input/parameter-names.ts';
import type { Parameters } from './input/parameters.ts';
import { previewerOf } from './preview.ts';
import { pixelReply, withoutBody } from './replies.ts';
import { offerTerms } from './terms.ts';
import { visitorMark } from './visitor.ts';

/** `/aff_i`: always answers the 1x1 image, because only the visitor would see a broken image. */
export function decideImpression(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  const credit = creditOf(parameters, context.catalog, context.nowMs);
  const previewer = previewerOf(request, { librariesCount: true });
  const fields = presentFields(
    offerAndAffiliateFields(parameters, credit),
    idFields(parameters, ['url_id', 'file_id']),
    { reason: credit.refusal, preview_by: previewer },
    offerTerms(context, credit.offer, credit.affiliate?.id),
    namedFields(parameters, clickFieldNames),
    linkFields(parameters),
    { visitor: previewer === undefined ? visitorMark(request, context) : undefined },
    visitorFields(request, context.privacy),
    otherFields(parameters, request),
  );
  return {
    kind: 'capture',
    draft: { type: previewer === undefined ? 'impression' : 'preview', fields },
    reply: request.method === 'HEAD' ? withoutBody(pixelReply()) : pixelReply(),
  };
}
