import { request } from 'node:http';

/**
 * What an operator might want to change on a bad day, and cannot: the requests of the AWS CLI, as far as the local
 * endpoint reads them.
 */
const changes = {
  'iam:PutRolePolicy': { method: 'POST', path: '/', body: 'Action=PutRolePolicy&Version=2010-05-08' },
  'route53:ChangeResourceRecordSets': {
    method: 'POST',
    path: '/2013-04-01/hostedzone/Z0123456789ABC/rrset/',
    body: '',
  },
  'cloudfront:UpdateDistribution': { method: 'PUT', path: '/2020-05-31/distribution/E0123456789ABC/config', body: '' },
} as const;

export const changeNames = [
  'iam:PutRolePolicy',
  'route53:ChangeResourceRecordSets',
  'cloudfront:UpdateDistribution',
] as const;
export type ChangeName = (typeof changeNames)[number];

/** The status and the body of the answer. Control planes of these services are reached in us-east-1 alone. */
export function attemptChange(
  endpointUrl: string,
  name: ChangeName,
): Promise<{ readonly status: number; readonly text: string }> {
  const { method, path, body } = changes[name];
  const [service = ''] = name.split(':');
  const authorization = `AWS4-HMAC-SHA256 Credential=operator/20260101/us-east-1/${service}/aws4_request`;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, endpointUrl), { method, headers: { authorization } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
