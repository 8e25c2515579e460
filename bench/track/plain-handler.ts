import { Logger } from '@aws-lambda-powertools/logger';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readSettings } from '../../core/config/settings.ts';

/** A click handler as most people would write it: one message for each click through the SDK, and one line of log. */

const client = new SQSClient({ useQueueUrlAsEndpoint: false });
const logger = new Logger({ serviceName: 'clicks' });
const { homeIntakeUrl } = readSettings(process.env, ['homeIntakeUrl']);

export async function handler({ rawPath, rawQueryString, headers, requestContext }: APIGatewayProxyEventV2) {
  const { sourceIp: ip } = requestContext.http;
  const click = { at: Date.now(), path: rawPath, query: rawQueryString, ip, userAgent: headers['user-agent'] };
  await client.send(new SendMessageCommand({ QueueUrl: homeIntakeUrl, MessageBody: JSON.stringify(click) }));
  logger.info('click', { path: rawPath });
  return { statusCode: 302, headers: { location: 'https://shop.example/' } };
}
