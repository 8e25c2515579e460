import { crc32 } from 'node:zlib';
import type { WireResponse } from '../wire-service.ts';

/** Some SDKs, such as the one in the AWS CLI, check the body of an answer with this checksum. */
export function withChecksum(response: WireResponse): WireResponse {
  return { ...response, headers: { ...response.headers, 'x-amz-crc32': String(crc32(response.body)) } };
}
