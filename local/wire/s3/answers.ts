import type { WireResponse } from '../wire-service.ts';
import type { Answers, Failure } from './s3-request.ts';
import { declaration, group, tag } from './xml.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function answersFor(requestId: string, resource: string): Answers {
  const ids = { 'x-amz-request-id': requestId, 'x-amz-id-2': `local+${requestId}` };
  const fail = ({ status, code, message, details = {}, headers = {} }: Failure): WireResponse => ({
    status,
    headers: { ...ids, 'content-type': 'application/xml', ...headers },
    body: `${declaration}${group('Error', [
      tag('Code', code),
      tag('Message', message),
      ...Object.entries(details).map(([name, value]) => tag(name, value)),
      tag('Resource', resource),
      tag('RequestId', requestId),
      tag('HostId', ids['x-amz-id-2']),
    ])}`,
  });
  return {
    ok: (headers = {}, body = '', status = 200) => ({ status, headers: { ...ids, ...present(headers) }, body }),
    xml: (body) => ({ status: 200, headers: { ...ids, 'content-type': 'application/xml' }, body }),
    fail,
  };
}

function present(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
