import type { GlobalService, WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * IAM, Route 53 and CloudFront. Their control planes live in us-east-1 alone. Roles, records and health checks come from
 * templates, so nothing is modelled of these services but that somebody calls them: every call is refused. A fault on
 * `control-planes` refuses it as AWS would on a day on which they take no changes.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
export function globalServices(): readonly WireService[] {
  return (Object.keys(actionOf) as GlobalService[]).map((name) => ({
    name,
    read: (request): WireCall => ({
      action: actionOf[name](request),
      needs: [],
      perform: () =>
        refusal(501, 'NotImplemented', `The local cloud does not model ${name}: its resources come from templates.`),
      refuse: refusal,
    }),
  }));
}

/** IAM speaks the Query protocol. The others speak REST, where method and path name the action. */
const actionOf: Readonly<Record<GlobalService, (request: WireRequest) => string>> = {
  iam: ({ body, query }) => new URLSearchParams(body.toString()).get('Action') ?? query.get('Action') ?? 'Unknown',
  route53: ({ method, path }) =>
    method === 'POST' && /\/hostedzone\/[^/]+\/rrset\/?$/.test(path) ? 'ChangeResourceRecordSets' : `${method} ${path}`,
  cloudfront: ({ method, path }) =>
    method === 'PUT' && /\/distribution\/[^/]+\/config$/.test(path) ? 'UpdateDistribution' : `${method} ${path}`,
};

function refusal(status: number, code: string, message: string): WireResponse {
  const body = `<ErrorResponse><Error><Type>Receiver</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
