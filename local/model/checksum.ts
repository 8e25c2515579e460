import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from './bucket-store.ts';

/** Returns base64, as in S3's headers. */
export function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  switch (algorithm) {
    case 'CRC32':
      return base64OfWords(crc32(body));
    case 'CRC64NVME':
      return base64OfWords(...crc64Nvme(body));
  }
}

/** Returns hexadecimal digits, as in an entity tag. */
export function md5Of(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex');
}

/** The length of each checksum. A value of another length is malformed, not only wrong. */
export const checksumBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC64NVME: 8,
};

function base64OfWords(...words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => {
    bytes.writeUInt32BE(word >>> 0, index * 4);
  });
  return bytes.toString('base64');
}

/** The polynomial of NVM Express, reflected. The table keeps two halves, because 64-bit integers are slow in JavaScript. */
const crc64Table = crc64NvmeTable(0x9a6c9329ac4bc9b5n);

function crc64NvmeTable(polynomial: bigint): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const values = Array.from({ length: 256 }, (_, byte) => {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  return {
    high: Uint32Array.from(values, (value) => Number(value >> 32n)),
    low: Uint32Array.from(values, (value) => Number(value & 0xffffffffn)),
  };
}

function crc64Nvme(body: Uint8Array): [high: number, low: number] {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Table.low[index] ?? 0);
    high = (high >>> 8) ^ (crc64Table.high[index] ?? 0);
  }
  return [~high, ~low];
}
