import type { InvokeOutcome } from '../../lambda-host/function-pool.ts';
import type { FunctionTemplate } from '../../template/region-template.ts';
import type { RestCall, RestOutcome } from '../rest-service.ts';
import type { WireRequest } from '../wire-service.ts';
import { type FunctionScope, findFunction, functionArn, noSuchFunction } from './function-scope.ts';

/**
 * Invokes a function for an operator, and waits for its answer. Not modelled: asynchronous invocations and the tail of
 * the log.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function invoke(request: WireRequest, scope: FunctionScope, nameInPath = ''): RestCall {
  const { name, qualifier } = nameOf(nameInPath, request.query.get('Qualifier') ?? undefined);
  const found = findFunction(name, qualifier, scope);
  const resource = functionArn(name, qualifier, scope);
  return {
    action: 'Invoke',
    needs: [{ action: 'lambda:InvokeFunction', resource }],
    perform: () => (found ? perform(request, found, scope, qualifier) : noSuchFunction(resource)),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const requestBytesMax = 6 * 1_048_576;

/** The path holds the function's name or its ARN, with or without a qualifier at the end. */
function nameOf(text: string, qualifier: string | undefined) {
  const [name = '', own] = text.replace(/^arn:aws:lambda:[^:]*:\d*:function:/, '').split(':');
  return { name, qualifier: qualifier ?? own };
}

function perform(
  { headers, body }: WireRequest,
  { arn }: FunctionTemplate,
  scope: FunctionScope,
  qualifier: string | undefined,
): Promise<RestOutcome> | RestOutcome {
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') {
    const message = `The local cloud does not model InvocationType ${type}.`;
    return refused(400, 'InvalidParameterValueException', message);
  }
  if (body.length > requestBytesMax) {
    const message = `${body.length} byte payload is too large for the ${type} invocation type (limit ${requestBytesMax} bytes)`;
    return refused(413, 'RequestTooLargeException', message);
  }
  const payload = body.length === 0 ? '{}' : body.toString();
  if (!isJson(payload)) return refused(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  if (headers['x-amz-log-type'] === 'Tail') {
    return refused(400, 'InvalidParameterValueException', 'The local cloud does not model LogType Tail.');
  }
  return scope.invoke(arn, payload).then((outcome) => answerOf(outcome, executedVersion(qualifier)));
}

/** The status is 200 even when the function failed. A header reports the failure, and the payload says why. */
function answerOf(outcome: InvokeOutcome, version: string): RestOutcome {
  const headers = { 'x-amz-executed-version': version };
  switch (outcome.kind) {
    case 'done':
      return { reply: { status: 200, headers, body: outcome.payload } };
    case 'failed': {
      const failed = { ...headers, 'x-amz-function-error': 'Unhandled' };
      return { reply: { status: 200, headers: failed, body: JSON.stringify({ ...outcome.error, trace: [] }) } };
    }
    case 'throttled':
      return refused(429, 'TooManyRequestsException', 'Rate Exceeded.');
  }
}

/** An alias leads to the only version. */
function executedVersion(qualifier = '$LATEST'): string {
  return qualifier === '$LATEST' ? qualifier : '1';
}

function refused(status: number, type: string, message: string): RestOutcome {
  return { error: { status, type, message } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
