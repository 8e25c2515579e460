import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseFault } from '../fault/parse-fault.ts';
import type { LocalCloud } from '../handle.ts';
import { type Listening, listen, type PortUse } from '../listen.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { type PageFile, pageFiles } from './page-files.ts';
import { isTrusted } from './same-origin.ts';

interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly value?: unknown;
}

const bodyBytesMax = 65_536;

/**
 * The console's page and its JSON API:
 * - `GET /api/state`, `GET /api/accounts`
 * - `POST /api/faults`: 201 with the fault and its id, or 400 with every problem
 * - `DELETE /api/faults/<id>`: 204, or 404
 */
export function startConsole(cloud: LocalCloud, port: PortUse): Promise<Listening> {
  const page = pageFiles();
  const accounts = createAccounts(cloud);
  const server = createServer((request, response) => {
    const file = fileFor(request, page);
    if (file && isTrusted(request)) sendFile(response, file);
    else void answer(request, cloud, accounts).then((answered) => sendJson(response, answered));
  });
  return listen(server, port);
}

/** For HEAD, Node.js leaves out the body by itself. The query is no part of a file's name. */
function fileFor({ method, url = '/' }: IncomingMessage, page: ReadonlyMap<string, PageFile>): PageFile | undefined {
  return method === 'GET' || method === 'HEAD' ? page.get(url.replace(/\?.*$/, '')) : undefined;
}

async function answer(request: IncomingMessage, cloud: LocalCloud, accounts: () => Accounts): Promise<Answer> {
  if (!isTrusted(request))
    return problem(403, 'requests must come from this machine, and posts must have the type application/json');
  const { method = 'GET', url = '/' } = request;
  const faultId = /^\/api\/faults\/([\w-]+)$/.exec(url)?.[1];
  if (method === 'GET' && url === '/api/state') return { status: 200, value: cloud.state() };
  if (method === 'GET' && url === '/api/accounts') return { status: 200, value: accounts() };
  if (method === 'POST' && url === '/api/faults') return addFault(cloud, await readText(request));
  if (method === 'DELETE' && faultId !== undefined) return removeFault(cloud, faultId);
  return problem(404, `there is no ${method} ${url}`);
}

function addFault(cloud: LocalCloud, text: string | undefined): Answer {
  if (text === undefined) return problem(400, `a fault has at most ${bodyBytesMax} bytes`);
  const parsed = parseFault(parseJson(text), cloud.regions);
  if (parsed.kind === 'invalid') return { status: 400, value: { problems: parsed.problems } };
  return { status: 201, value: cloud.addFault(parsed.fault) };
}

function removeFault(cloud: LocalCloud, id: string): Answer {
  return cloud.removeFault(id) ? { status: 204 } : problem(404, `there is no fault ${id}`);
}

function problem(status: number, text: string): Answer {
  return { status, value: { problems: [text] } };
}

/** Undefined when the body is too long or incomplete. */
async function readText(request: IncomingMessage): Promise<string | undefined> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) {
      text += chunk;
      if (text.length > bodyBytesMax) return undefined;
    }
  } catch {
    return undefined;
  }
  return text;
}

/** Undefined for invalid JSON; the parser of faults then reports the problem. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendFile(response: ServerResponse, { contentType, bytes }: PageFile): void {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' }).end(bytes);
}

function sendJson(response: ServerResponse, { status, value }: Answer): void {
  const body = value === undefined ? '' : `${JSON.stringify(value)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(body);
}
