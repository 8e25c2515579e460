import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { endpoint, sendRequest } from './send-request.ts';

/** The least that a click can cost with `node:http`: one signed message to SQS, and nothing else. */

const agent = new Agent({ keepAlive: true });

export function handler(): Promise<string> {
  const { headers, body } = sendRequest();
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { agent, method: 'POST', headers }, (reply) => text(reply).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}
