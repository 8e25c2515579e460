/**
 * The `aws-chunked` content encoding: each chunk with its size and perhaps its signature, then trailers. SDKs use it
 * for streams, and to send a checksum after the body. Chunk signatures are not verified, as no signature is here.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export type DecodedBody =
  | {
      readonly kind: 'decoded';
      readonly body: Buffer;
      /** Names in lower case. */
      readonly trailers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'malformed'; readonly reason: string };

export function decodeAwsChunked(encoded: Buffer): DecodedBody {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = encoded.indexOf('\r\n', position, 'latin1');
    if (lineEnd < 0) return malformed('a chunk has no header');
    const size = sizeOf(encoded.toString('latin1', position, lineEnd));
    if (size === undefined) return malformed('a chunk has no size');
    const start = lineEnd + 2;
    if (size === 0) return withTrailers(chunks, encoded.toString('utf8', start));
    if (encoded.toString('latin1', start + size, start + size + 2) !== '\r\n') return malformed('a chunk is cut off');
    chunks.push(encoded.subarray(start, start + size));
    position = start + size + 2;
  }
}

/** `10000;chunk-signature=…`: the size is hexadecimal. */
function sizeOf(header: string): number | undefined {
  const match = /^([0-9a-fA-F]{1,8})(?:;.*)?$/.exec(header);
  return match ? Number.parseInt(match[1] ?? '', 16) : undefined;
}

function withTrailers(chunks: readonly Buffer[], tail: string): DecodedBody {
  const trailers: Record<string, string> = {};
  for (const line of tail.split(/\r?\n/).filter((one) => one !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1) return malformed('a trailer has no name');
    trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { kind: 'decoded', body: Buffer.concat(chunks), trailers };
}

function malformed(reason: string): DecodedBody {
  return { kind: 'malformed', reason };
}
