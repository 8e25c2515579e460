import { hash } from 'node:crypto';
import { parseObject } from '../../core/parse-json.ts';
import type { IntakeQueue } from '../../core/ports.ts';
import type { HttpReply } from './kept-connections.ts';
import { awsUrl, type SigningParts, signedClient } from './signed-client.ts';

/** Replies to these calls have some hundred bytes. */
const replyBytesMax = 65_536;

/**
 * A queue by SQS's JSON protocol:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 */
export function signedQueue(region: string, queueUrl: string, parts: SigningParts): IntakeQueue {
  const { url } = awsUrl(`sqs.${region}.amazonaws.com`, parts.environment);
  const client = signedClient({ service: 'sqs', region, url, replyBytesMax, codeOf }, parts);
  const request = (action: string, input: object) => ({
    method: 'POST',
    path: '/',
    headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AmazonSQS.${action}` },
    body: JSON.stringify(input),
  });
  return {
    send: (body, budgetMs) =>
      client.ask(request('SendMessage', { QueueUrl: queueUrl, MessageBody: body }), budgetMs, (reply) =>
        names(reply, body),
      ),
    warm: (budgetMs) =>
      client.ask(request('GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }), budgetMs),
  };
}

/** Only a reply that names the digest of the body proves that the queue has this body. */
function names(reply: HttpReply, body: string): boolean {
  const { MD5OfMessageBody: digest } = parseObject(reply.body.toString('utf8')) ?? {};
  return digest === hash('md5', body);
}

/**
 * `com.amazonaws.sqs#QueueDoesNotExist`, `RequestThrottled:http://…`: the name alone.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
 */
function codeOf({ headers, body }: HttpReply): string | undefined {
  const named = headers['x-amzn-errortype'] ?? parseObject(body.toString('utf8'))?.['__type'];
  const [shape = ''] = typeof named === 'string' ? named.split(':') : [];
  const [queryCode = ''] = String(headers['x-amzn-query-error'] ?? '').split(';');
  return shape.split('#').at(-1) || queryCode || undefined;
}
