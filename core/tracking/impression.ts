import type { TrackContext } from './context.ts';
import { creditOf, placeFields } from './credit.ts';
import type { Decision, TrackRequest } from './decision.ts';
import { given, idFields, linkFields, otherFields, present, visitorFields } from './fields.ts';
import { clickFieldNames } from './input/parameter-names.ts';
import type { Parameters } from './input/parameters.ts';
import { previewedBy } from './preview.ts';
import { pixel, withoutBody } from './replies.ts';
import { offerTerms } from './terms.ts';
import { visitorMark } from './visitor.ts';

/** `/aff_i`: the 1x1 image, whatever the link says, since a broken picture would tell the visitor and nobody else. */
export function decideImpression(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  const credit = creditOf(parameters, context.catalog, context.nowMs);
  const previewer = previewedBy(request, { librariesCount: true });
  const fields = {
    ...placeFields(parameters, credit),
    ...idFields(parameters, ['url_id', 'file_id']),
    ...present({ reason: credit.refusal, preview_by: previewer }),
    ...offerTerms(context.catalog.version, credit.offer),
    ...given(parameters, clickFieldNames),
    ...linkFields(parameters),
    ...(previewer === undefined && visitorMark(request, context)),
    ...visitorFields(request, context.privacy),
    ...otherFields(parameters),
  };
  return {
    kind: 'capture',
    draft: { type: previewer === undefined ? 'impression' : 'preview', fields },
    reply: request.method === 'HEAD' ? withoutBody(pixel()) : pixel(),
  };
}
