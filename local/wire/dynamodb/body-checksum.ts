import { crc32 } from 'node:zlib';
import type { WireResponse } from '../wire-service.ts';

/** Some SDKs, the AWS CLI's among them, hold an answer's body against this sum. */
export function withChecksum(response: WireResponse): WireResponse {
  return { ...response, headers: { ...response.headers, 'x-amz-crc32': String(crc32(response.body)) } };
}
