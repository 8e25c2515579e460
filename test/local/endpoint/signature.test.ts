import { expect, test } from 'vitest';
import { callerName, callerOf } from '../../../local/endpoint/caller.ts';
import { readSignature } from '../../../local/endpoint/signature.ts';

const credential = 'LOCAL.us-east-1.keeptrack-store.3/20261123/us-west-2/s3/aws4_request';
const none = new URLSearchParams();

test('the header of a signed request says who calls, which region and which service', () => {
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=abc`;
  expect(readSignature({ authorization }, none)).toEqual({
    accessKey: 'LOCAL.us-east-1.keeptrack-store.3',
    region: 'us-west-2',
    service: 's3',
  });
});

test('so does the query of a presigned link', () => {
  const query = new URLSearchParams({ 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Credential': credential });
  expect(readSignature({}, query)).toMatchObject({ region: 'us-west-2', service: 's3' });
});

test.each([
  {},
  { authorization: 'Basic dXNlcg==' },
  { authorization: 'AWS AKIA:old-signature' },
  { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/s3' },
  { authorization: 'AWS4-HMAC-SHA256 Credential=AKIA/today/us-east-1/s3/aws4_request, Signature=abc' },
])('%j is not signed in this way', (headers) => {
  expect(readSignature(headers, none)).toBeUndefined();
});

test('the access key of an environment names its function; any other is the operator', () => {
  const caller = callerOf('LOCAL.us-east-1.keeptrack-store.3');
  expect(caller).toEqual({
    kind: 'function',
    region: 'us-east-1',
    functionName: 'keeptrack-store',
    environmentNumber: 3,
  });
  expect(callerName(caller)).toBe('keeptrack-store');
  for (const key of ['AKIAIOSFODNN7EXAMPLE', 'LOCAL', 'LOCAL.us-east-1', 'x']) {
    expect(callerName(callerOf(key))).toBe('operator');
  }
});
