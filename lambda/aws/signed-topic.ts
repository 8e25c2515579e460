import type { MessageTopic } from '../../core/ports.ts';
import type { HttpReply } from './kept-connections.ts';
import { awsUrl, type SigningParts, signedClient } from './signed-client.ts';

/** Replies to this call have some hundred bytes. */
const replyBytesMax = 65_536;

/**
 * An SNS topic by the Query protocol. One call alone is needed, so the SDK's client for SNS is not.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function signedTopic(region: string, topicArn: string, parts: SigningParts): MessageTopic {
  const { url } = awsUrl(`sns.${region}.amazonaws.com`, parts.environment);
  const client = signedClient({ service: 'sns', region, url, replyBytesMax, codeOf }, parts);
  return {
    publish(subject, body, budgetMs) {
      const call = { Action: 'Publish', Version: '2010-03-31' };
      const input = new URLSearchParams({ ...call, TopicArn: topicArn, Subject: subject, Message: body });
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
      return client.ask({ method: 'POST', path: '/', headers, body: input.toString() }, budgetMs, namesMessage);
    },
  };
}

/** SNS names the id of each message that it takes. */
function namesMessage({ body }: HttpReply): boolean {
  return /<MessageId>[^<]+<\/MessageId>/.test(body.toString('utf8'));
}

/** https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html */
function codeOf({ body }: HttpReply): string | undefined {
  return /<Code>([A-Za-z0-9.]{1,100})<\/Code>/.exec(body.toString('utf8'))?.[1];
}
