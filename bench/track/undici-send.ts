import { Client } from 'undici';
import { endpoint, sendRequest } from './send-request.ts';

/** The same over undici, whose client alone has more code than `track` may have. */

const client = new Client(endpoint.origin);

export async function handler(): Promise<string> {
  const reply = await client.request({ method: 'POST', path: '/', ...sendRequest() });
  return reply.body.text();
}
