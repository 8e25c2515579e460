import { createHash, createHmac } from 'node:crypto';
import type { ContractEndpoint } from './sqs-endpoint.ts';

/**
 * One call in the Query protocol, which today's SDK does not speak any more, signed by hand.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export async function queryCall(
  { url, region, client }: ContractEndpoint,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const { host } = new URL(url);
  const body = new URLSearchParams({ ...parameters, Version: '2012-11-05' }).toString();
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/sqs/aws4_request`;
  const canonical = ['POST', '/', '', `host:${host}`, `x-amz-date:${time}`, '', 'host;x-amz-date', sha256(body)];
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical.join('\n'))].join('\n');

  const { accessKeyId, secretAccessKey } = await client.config.credentials();
  const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-amz-date': time, authorization },
    body,
  });
  return { status: response.status, text: await response.text() };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
