import type { ServerResponse } from 'node:http';
import type { Ending } from './conduct-call.ts';

/** Writes the end of a call to the connection. */
export function reply(response: ServerResponse, method: string | undefined, ending: Ending): void {
  switch (ending.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      // The connection stays open until the client gives up or the endpoint closes.
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

/** For a request that no service reads. The connection is closed, since its body may be unread. */
export function replyText(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${text}\n`);
}
