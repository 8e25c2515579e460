import type { ServerResponse } from 'node:http';
import type { Ending } from './conduct-call.ts';

/** Puts the end of a call on the connection. A client that has left by now does not matter. */
export function reply(response: ServerResponse, method: string | undefined, ending: Ending): void {
  switch (ending.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      // The client gives up some time, or the endpoint closes.
      return;
    case 'reply': {
      const { status, headers, body } = ending.response;
      const bytes = Buffer.from(body);
      const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
      response.writeHead(status, hasBody ? { ...headers, 'content-length': bytes.length } : headers);
      response.end(hasBody ? bytes : undefined);
    }
  }
}

/** For those who do not speak any service's protocol; the connection is closed, since the body may be unread. */
export function replyText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${text}\n`);
}
