import type { WireRequest, WireResponse } from '../wire-service.ts';
import type { ProtocolRequest } from './protocol.ts';
import { actionXml, escapeXml } from './query-xml.ts';
import { faultOf, type SqsError } from './sqs-error.ts';

const xmlNamespace = 'http://queue.amazonaws.com/doc/2012-11-05/';

/**
 * The Query protocol, as older SDKs and CLIs speak it: parameters in the URL or in a form body, answers in XML.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
export function readQuery(request: WireRequest, requestId: string): ProtocolRequest {
  const parameters = new URLSearchParams([...request.query, ...new URLSearchParams(request.body.toString())]);
  const action = parameters.get('Action') ?? '';
  const input = nest(parameters);
  // Before the JSON protocol, a queue was called by its URL.
  if (request.path.length > 1) input['QueueUrl'] ??= request.path;
  return {
    action,
    input: toJsonNames(input),
    answer: (output) => xml(200, requestId, actionXml(action, xmlNamespace, output, requestId)),
    refuse: (error) => xml(error.status, requestId, errorXml(error, requestId)),
  };
}

interface Nested {
  [name: string]: string | Nested;
}

/** `Entry.1.Id=a` becomes `{Entry: {1: {Id: 'a'}}}`. */
function nest(parameters: URLSearchParams): Nested {
  const root: Nested = Object.create(null);
  for (const [path, value] of parameters) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let at = root;
    for (const step of steps) {
      const next = at[step];
      at = typeof next === 'object' ? next : newChild(at, step);
    }
    at[last] = value;
  }
  return root;
}

function newChild(parent: Nested, name: string): Nested {
  const child: Nested = Object.create(null);
  parent[name] = child;
  return child;
}

/** Numbered parameters to the lists and maps that the JSON protocol has in their place. */
const lists: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
const maps: Readonly<Record<string, string>> = { MessageAttribute: 'MessageAttributes' };

function toJsonNames(nested: Nested): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(nested)) {
    const list = lists[name];
    const map = maps[name];
    if (typeof value === 'string') result[name] = value;
    else if (list) result[list] = inOrder(value).map((item) => (typeof item === 'string' ? item : toJsonNames(item)));
    else if (map) result[map] = toMap(value);
    else result[name] = value;
  }
  return result;
}

function inOrder(numbered: Nested): readonly (string | Nested)[] {
  const numbers = Object.keys(numbered).sort((one, other) => Number(one) - Number(other));
  return numbers.map((number) => numbered[number] ?? '');
}

function toMap(numbered: Nested): Record<string, unknown> {
  const pairs = inOrder(numbered).map((item) => (typeof item === 'string' ? {} : item));
  return Object.fromEntries(pairs.map((pair) => [String(pair['Name'] ?? ''), pair['Value']]));
}

function errorXml(error: SqsError, requestId: string): string {
  const { code, message } = error;
  return [
    `<ErrorResponse xmlns="${xmlNamespace}"><Error><Type>${faultOf(error)}</Type><Code>${escapeXml(code)}</Code>`,
    `<Message>${escapeXml(message)}</Message><Detail/></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  ].join('');
}

function xml(status: number, requestId: string, body: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0"?>${body}`,
  };
}
