import { noSuchRegion, notModelled, type WireError } from './json-protocol.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * Services that speak AWS's REST protocol in JSON: the method and the path name the call. A call that is not modelled
 * is refused.
 * https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */

/** `reply` is for a call whose answer is not a JSON object. */
export type RestOutcome =
  | { readonly output: object }
  | { readonly reply: WireResponse }
  | { readonly error: WireError };

/** A request after its protocol was read. */
export interface RestCall extends Pick<WireCall, 'action' | 'needs'> {
  perform(): Promise<RestOutcome> | RestOutcome;
}

/** `Scope` is the state of the service in the region of the request. */
export interface RestRoute<Scope> {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** `names` are the decoded groups of `path`. */
  readonly read: (request: WireRequest, scope: Scope, ...names: string[]) => RestCall;
}

export interface RestServiceOptions<Scope> {
  readonly name: WireService['name'];
  readonly routes: readonly RestRoute<Scope>[];
  /** Undefined for a region that the local cloud does not have. */
  readonly scopeOf: (region: string) => Scope | undefined;
  readonly requestId: () => string;
}

export function createRestService<Scope>(options: RestServiceOptions<Scope>): WireService {
  return {
    name: options.name,
    read(request) {
      const id = options.requestId();
      const { action, needs, perform } = callOf(request, options);
      return {
        action,
        needs,
        perform: async () => answerOf(await perform(), id),
        refuse: (status, type, message) => answerOf({ error: { status, type, message } }, id),
      };
    },
  };
}

function callOf<Scope>(request: WireRequest, { routes, scopeOf }: RestServiceOptions<Scope>): RestCall {
  const scope = scopeOf(request.region);
  if (!scope) return refused(noSuchRegion(request.region));
  for (const { method, path, read } of routes) {
    const match = method === request.method ? path.exec(request.path) : undefined;
    if (match) return read(request, scope, ...match.slice(1).map(decodeURIComponent));
  }
  return refused(notModelled(`${request.method} ${request.path}`));
}

function refused(error: WireError): RestCall {
  return { action: 'Unknown', needs: [], perform: () => ({ error }) };
}

function answerOf(outcome: RestOutcome, requestId: string): WireResponse {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if ('reply' in outcome) return { ...outcome.reply, headers: { ...headers, ...outcome.reply.headers } };
  if ('output' in outcome) return { status: 200, headers, body: JSON.stringify(outcome.output) };
  const { status = 400, type, message } = outcome.error;
  // Lambda's errors have `Type` and `Message`, and API Gateway's have `message`.
  const body = { Type: status < 500 ? 'User' : 'Service', Message: message, message };
  return { status, headers: { ...headers, 'x-amzn-errortype': type }, body: JSON.stringify(body) };
}
