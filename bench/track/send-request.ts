import aws4 from 'aws4';
import { readSettings } from '../../core/config/settings.ts';
import { encodeLine } from '../../core/event/event.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { sampleClick } from '../sample-events.ts';

export const endpoint = new URL(process.env['AWS_ENDPOINT_URL'] ?? '');

const { homeIntakeUrl } = readSettings(process.env, ['homeIntakeUrl']);
const line = encodeLine(sampleClick(Date.UTC(2026, 10, 23, 5), 1, seededChance(1)));

/** A request that sends the event of a click to SQS. */
export function sendRequest(): { readonly headers: Record<string, string>; readonly body: string } {
  const body = JSON.stringify({ QueueUrl: homeIntakeUrl, MessageBody: line });
  const unsigned = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'AmazonSQS.SendMessage' };
  const request = { service: 'sqs', region: 'us-east-1', host: endpoint.host, path: '/', headers: unsigned, body };
  return { headers: aws4.sign(request).headers as Record<string, string>, body };
}
