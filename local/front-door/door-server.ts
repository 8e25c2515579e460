import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import type { Fault } from '../fault/fault.ts';
import { type Listening, listen, type PortUse } from '../listen.ts';
import type { ModelTime } from '../model/time.ts';
import { fateOf } from './front-fault.ts';

export interface DoorResponse {
  readonly status: number;
  /** The reason phrase; absent = the usual one. */
  readonly statusText?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

/** How one kind of front door answers. */
export interface Door {
  readonly headerBytesMax: number;
  answer(request: IncomingMessage): Promise<DoorResponse | 'client-gone'>;
  /** The door's own page for an error that no function made. */
  ownAnswer(status: number, message: string): DoorResponse;
  /** The answer when the function set a header that HTTP does not allow. */
  readonly badHeader: DoorResponse;
}

export interface DoorSurroundings {
  readonly port: PortUse;
  readonly time: ModelTime;
  /** The faults that strike this request before it reaches a function. */
  readonly faults: () => readonly Fault[];
}

/** Serves a front door on a port of this machine. */
export function startDoor(door: Door, surroundings: DoorSurroundings): Promise<Listening> {
  const options: ServerOptions = { maxHeaderSize: door.headerBytesMax };
  const server = createServer(options, (request, response) => {
    void meetFate(request, response, door, surroundings);
  });
  return listen(server, surroundings.port);
}

async function meetFate(
  request: IncomingMessage,
  response: ServerResponse,
  door: Door,
  { time, faults }: DoorSurroundings,
): Promise<void> {
  const { delayMs, end } = fateOf(faults());
  if (delayMs > 0) await new Promise<void>((resolve) => time.after(delayMs, resolve));
  switch (end.kind) {
    case 'answered':
      return serve(request, response, door);
    case 'reply-lost':
      await door.answer(request);
      request.socket.resetAndDestroy();
      return;
    case 'refused':
      return send(response, door.ownAnswer(end.status, end.message));
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'hang':
      return;
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, door: Door): Promise<void> {
  const answered = await door.answer(request);
  if (answered === 'client-gone') return;
  try {
    send(response, answered);
  } catch {
    send(response, door.badHeader);
  }
}

function send(response: ServerResponse, { status, statusText, headers, body }: DoorResponse): void {
  const all = { ...headers, 'content-length': `${Buffer.byteLength(body)}` } as Record<string, string | string[]>;
  if (statusText === undefined) response.writeHead(status, all);
  else response.writeHead(status, statusText, all);
  response.end(body);
}

/** Reads to the end even when the body is too large, so that the client hears the answer. */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number,
): Promise<Buffer | 'too-large' | 'client-gone'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes <= bytesMax) chunks.push(chunk as Buffer);
    }
  } catch {
    return 'client-gone';
  }
  return bytes <= bytesMax ? Buffer.concat(chunks) : 'too-large';
}
