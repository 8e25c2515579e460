import type { IncomingMessage } from 'node:http';

/** The whole body. `too long` = it exceeds `bytesMax`. `gone` = the client left before its end. */
export function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | 'too long' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve('too long');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
      else resolve('too long');
    });
    request.on('end', () => resolve(Buffer.concat(chunks, bytes)));
    request.on('error', () => resolve('gone'));
    request.on('close', () => resolve('gone'));
  });
}
