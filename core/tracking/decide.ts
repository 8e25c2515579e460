import { healthPaths } from '../config/resource-names.ts';
import { limits } from '../limits/limits.ts';
import { decideClick } from './click.ts';
import { decideConversion } from './conversion.ts';
import type { Decision, TrackContext, TrackRequest } from './decision.ts';
import { decideImpression } from './impression.ts';
import { clickNames, conversionNames } from './input/parameter-names.ts';
import { type Parameters, parseParameters } from './input/parameters.ts';
import { readPostedBody } from './input/posted-body.ts';
import { fieldsWithoutTokens } from './input/secrets.ts';
import { wordOf } from './input/word.ts';
import { textReply } from './replies.ts';

type Decide = (request: TrackRequest, parameters: Parameters, context: TrackContext) => Decision;

interface Route {
  readonly methods: readonly string[];
  /** The parameters that Keeptrack knows on this path. */
  readonly names: ReadonlySet<string>;
  /** What happens to parameters beyond the limits (input/parameters.ts). */
  readonly excess: 'cut' | 'refuse';
  readonly decide: Decide;
}

const forVisitors = { methods: ['GET', 'HEAD'], names: clickNames, excess: 'cut' } as const;
const forServers = { methods: ['GET', 'POST'], names: conversionNames, excess: 'refuse' } as const;

/** The paths that Keeptrack answers. It has no cookie pixels, ad tags, hash links or second hops. */
const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/aff_c', { ...forVisitors, decide: decideClick }],
  ['/aff_i', { ...forVisitors, decide: decideImpression }],
  ['/aff_lsr', { ...forServers, decide: decideConversion }],
  ['/aff_goal', { ...forServers, decide: decideGoal }],
]);

/** Decides what a request means. A pure function that never throws, whatever the request contains. */
export function decide(request: TrackRequest, context: TrackContext): Decision {
  if (request.path === healthPaths.capture) return { kind: 'health' };
  if (request.path.startsWith(healthPaths.drained)) {
    return { kind: 'drained', region: request.path.slice(healthPaths.drained.length) };
  }
  const route = routes.get(request.path);
  if (route === undefined) return rejected(404, 'unknown-path', 'There is nothing here.');
  if (!route.methods.includes(request.method)) return methodRefused(route);
  if (targetBytes(request) > limits.link.urlBytesMax) return rejected(414, 'url-too-long', 'This link is too long.');
  const posted = request.method === 'POST' && request.body ? request.body : '';
  if (bytesOf(request.rawQuery) + bytesOf(posted) > limits.link.bodyBytesMax)
    return rejected(413, 'body-too-long', `Query and body have more than ${limits.link.bodyBytesMax} bytes together.`);
  const body = posted === '' ? nothing : readPostedBody(posted, request.contentType ?? '');
  if (body.kind === 'rejected') return rejected(body.status, body.reason, body.sentence);
  const written = body.query === '' ? request.rawQuery : `${request.rawQuery}&${body.query}`;
  const parsed = parseParameters(written, route.names, route.excess);
  if (parsed.kind === 'rejected') return rejected(400, parsed.reason, `This request has ${plain[parsed.reason]}.`);
  return recorded(route.decide(request, parsed.parameters, context), parsed.isCut);
}

const nothing = { kind: 'query', query: '' } as const;

/** Makes the event fit for a log: without tokens, and marked when parameters were cut. */
function recorded(decision: Decision, isCut: boolean): Decision {
  if (decision.kind !== 'capture') return decision;
  const { type, fields } = decision.draft;
  const clean = fieldsWithoutTokens(fields);
  if (clean === fields && !isCut) return decision;
  return { ...decision, draft: { type, fields: { ...clean, ...(isCut && { cut: true }) } } };
}

const plain = {
  'too-many-parameters': `more than ${limits.link.parametersMax} parameters`,
  'parameter-name-too-long': `a parameter whose name is longer than ${limits.link.parameterNameCharactersMax} characters`,
  'parameter-too-large': `a parameter whose value is longer than ${limits.link.parameterCharactersMax} characters`,
} as const;

/** `a=lsr` is the postback from server to server. `a=l` would be the cookie pixel, which Keeptrack does not have. */
function decideGoal(request: TrackRequest, parameters: Parameters, context: TrackContext): Decision {
  if (wordOf(parameters.known.get('a') ?? '') === 'lsr') return decideConversion(request, parameters, context);
  return rejected(404, 'unknown-action', 'Goals are reported with a=lsr.');
}

function targetBytes({ path, rawQuery }: TrackRequest): number {
  return bytesOf(path) + 1 + bytesOf(rawQuery);
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function methodRefused({ methods }: Route): Decision {
  const reply = textReply(405, `Use ${methods.join(' or ')}.\n`, { allow: methods.join(', ') });
  return { kind: 'rejected', reason: 'method-not-allowed', reply };
}

function rejected(status: number, reason: string, sentence: string): Decision {
  return { kind: 'rejected', reason, reply: textReply(status, `${sentence}\n`) };
}
