import type { Topic } from '../model/topic.ts';
import type { WireCall, WireRequest, WireResponse, WireService } from './wire-service.ts';

/**
 * SNS over HTTP, in the Query protocol, for the topics of every region. It models `Publish` to a topic, and refuses every
 * other action and parameter. Topics come from templates.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */

export interface SnsServiceOptions {
  /** The topics of every region. The signature of a request names its region. */
  readonly topics: readonly Topic[];
  readonly requestId: () => string;
}

/** Names of the parameters that each call has. */
const protocolParameters = ['Action', 'Version'];
const publishParameters = ['TopicArn', 'Subject', 'Message'];

export function createSnsService(options: SnsServiceOptions): WireService {
  return {
    name: 'sns',
    read(request) {
      const requestId = options.requestId();
      const input = new URLSearchParams(request.body.toString('utf8') || request.query);
      const action = input.get('Action') ?? '';
      const arn = input.get('TopicArn') ?? '';
      const isPublish = action === 'Publish';
      return {
        action: action || 'Unknown',
        // An unknown call needs no permission, so that its caller learns what is wrong.
        needs: isPublish && arn !== '' ? [{ action: 'sns:Publish', resource: arn }] : [],
        perform: () => (isPublish ? publish(input, request, options, requestId) : unknownAction(action, requestId)),
        refuse: (status, code, message) => refusal(status, ourNames[code] ?? code, message, requestId),
      } satisfies WireCall;
    },
  };
}

/** SNS has a name of its own for a call that IAM does not allow. API Publish, "Errors" */
const ourNames: Readonly<Record<string, string>> = { AccessDenied: 'AuthorizationError' };

function publish(
  input: URLSearchParams,
  { region }: WireRequest,
  { topics }: SnsServiceOptions,
  requestId: string,
): WireResponse {
  const invalid = (what: string) => refusal(400, 'InvalidParameter', `Invalid parameter: ${what}`, requestId);
  const known = [...protocolParameters, ...publishParameters];
  const unknown = [...input.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return invalid(`${unknown}: the local cloud does not model it`);
  const arn = input.get('TopicArn') ?? '';
  if (arn.split(':').length !== 6 || arn.split(':')[3] !== region) return invalid('TopicArn');
  const topic = topics.find(({ settings }) => settings.arn === arn);
  if (topic === undefined) return refusal(404, 'NotFound', 'Topic does not exist', requestId);
  const published = topic.publish(requestId, input.get('Message') ?? '', input.get('Subject') ?? undefined);
  if (published.kind === 'invalid') return invalid(published.parameter);
  const result = `<PublishResult><MessageId>${published.id}</MessageId></PublishResult>`;
  return xml(200, `<PublishResponse ${namespace}>${result}${metadata(requestId)}</PublishResponse>`);
}

function unknownAction(action: string, requestId: string): WireResponse {
  const message = `The action ${action} is not valid for this endpoint: the local cloud does not model it.`;
  return refusal(400, 'InvalidAction', message, requestId);
}

function refusal(status: number, code: string, message: string, requestId: string): WireResponse {
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
  return xml(status, `<ErrorResponse ${namespace}>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`);
}

const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

function metadata(requestId: string): string {
  return `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
}

function xml(status: number, body: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
