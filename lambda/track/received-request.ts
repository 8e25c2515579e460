import { limits } from '../../core/limits/limits.ts';
import type { Reply, TrackRequest } from '../../core/tracking/decision.ts';
import { textReply as plainText } from '../../core/tracking/replies.ts';

/** A request as a front door hands it on, in the words that all doors share. */
export interface ReceivedRequest {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly rawQuery: string;
  /** The values of a header, joined by commas. The name is in lower case; empty when there is none. */
  header(name: string): string;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  /** The address that the door itself saw. */
  readonly clientAddress: string;
  readonly isOverHttp: boolean;
}

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: TrackRequest }
  /** The body cannot be read as text; `reason` is counted. */
  | { readonly kind: 'refused'; readonly reason: string; readonly reply: Reply };

/** `trackingNames`: in lower case. */
export function readRequest(received: ReceivedRequest, trackingNames: ReadonlySet<string>): ReadRequest {
  const { method, header } = received;
  const posted = method === 'POST' ? readBody(received) : '';
  if (typeof posted !== 'string') return { kind: 'refused', ...posted };
  const purpose = purposeHeaders.map(header).filter(Boolean);
  const host = hostOf(header('host'));
  const request: TrackRequest = {
    method,
    path: received.path,
    rawQuery: received.rawQuery,
    userAgent: header('user-agent'),
    referer: header('referer'),
    ip: received.clientAddress,
    ...(trackingNames.has(host) && { host }),
    ...(received.isOverHttp && { isOverHttp: true }),
    ...(purpose.length > 0 && { purpose: purpose.join() }),
    ...(posted !== '' && { body: posted, contentType: header('content-type') }),
  };
  return { kind: 'request', request };
}

/**
 * Headers by which browsers say that they prefetch:
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose
 */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

function hostOf(header: string): string {
  return header.toLowerCase().replace(/\.?(?::\d+)?$/, '');
}

interface Refusal {
  readonly reason: 'body-too-large' | 'body-encoded' | 'body-charset-unknown';
  readonly reply: Reply;
}

/** The text of a body. Base64 is measured before it is decoded, so that nobody makes us decode megabytes. */
function readBody({ body, isBase64Encoded: isBase64, header }: ReceivedRequest): string | Refusal {
  if (body === '') return '';
  const encoding = header('content-encoding').trim().toLowerCase();
  if (encoding !== '' && encoding !== 'identity')
    return refused(415, 'body-encoded', 'The body is encoded (Content-Encoding): send it as it is.');
  const bytes =
    body.length > bodyBytesMax * (isBase64 ? 2 : 1) ? undefined : Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  if (bytes === undefined || bytes.length > bodyBytesMax)
    return refused(413, 'body-too-large', `The body has more than ${bodyBytesMax} bytes.`);
  if (!isBase64) return body;
  const decoder = decoderOf(header('content-type'));
  return (
    decoder?.decode(bytes) ?? refused(415, 'body-charset-unknown', 'The charset of this body is unknown: send UTF-8.')
  );
}

const { bodyBytesMax } = limits.link;

function decoderOf(contentType: string): TextDecoder | undefined {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;,"]{1,40})/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

function refused(status: number, reason: Refusal['reason'], sentence: string): Refusal {
  return { reason, reply: plainText(status, `${sentence}\n`) };
}
