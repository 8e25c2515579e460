import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/**
 * An AWS account as far as `doctor --before-deploy` asks, in the words of each service. Without `answers` nothing of
 * Keeptrack is in it, and it has the quotas of an account in use. The local cloud is no account: it has no stacks.
 */

export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
}

/** By the name of a call, with the region in front where the test cares. The argument is what the call is about. */
export type Answers = Readonly<Record<string, Answer | ((about: string) => Answer)>>;

export async function fakeAccount(answers: Answers = {}): Promise<readonly string[]> {
  const asked: string[] = [];
  const all: Answers = { ...emptyAccount, ...answers };
  const server = createServer(async (request, response) => {
    const { name, about, region } = await callOf(request);
    asked.push(`${region} ${name} ${about}`);
    const found = all[`${region} ${name}`] ?? all[name];
    const answer = typeof found === 'function' ? found(about) : (found ?? refused(404, 'NotFoundException'));
    const { status = 200, type = 'application/json', body = '{}' } = answer;
    const headers = { 'content-type': type, date: new Date().toUTCString(), 'x-amzn-errortype': errorType(body) };
    response.writeHead(status, headers).end(request.method === 'HEAD' ? '' : body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'operator');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'operator');
  onTestFinished(() => void vi.unstubAllEnvs());
  return asked;
}

export const json = (value: object): Answer => ({ body: JSON.stringify(value) });
const xml = (body: string, status = 200): Answer => ({ status, type: 'text/xml', body });
export const refused = (status: number, code: string): Answer => ({
  status,
  body: JSON.stringify({ __type: code, code, message: code }),
});

function errorType(body: string): string {
  return /"__type":"([^"]*)"/.exec(body)?.[1] ?? '';
}

interface Call {
  readonly name: string;
  readonly about: string;
  readonly region: string;
}

async function callOf(request: IncomingMessage): Promise<Call> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const [, region = ''] = /Credential=[^/]*\/\d+\/([a-z0-9-]+)\//.exec(request.headers.authorization ?? '') ?? [];
  const [, target] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (target) return { name: target, about: aboutOf(body), region };
  const form = new URLSearchParams(body);
  if (form.has('Action')) return { name: form.get('Action') ?? '', about: form.get('StackName') ?? '', region };
  const about = decodeURIComponent(pathname);
  const route = routes.find(([pattern]) => pattern.test(`${request.method} ${about}`));
  return { name: route?.[1] ?? 'Unknown', about: `${about} ${searchParams.get('name') ?? ''}`.trim(), region };
}

const routes: readonly (readonly [RegExp, string])[] = [
  [/^HEAD \/[^/]+\/?$/, 'HeadBucket'],
  [/account-settings/, 'GetAccountSettings'],
  [/functions\/[^/]+\/concurrency$/, 'GetFunctionConcurrency'],
  [/functions\/[^/]+\/configuration$/, 'GetFunctionConfiguration'],
  [/functions\/[^/]+$/, 'GetFunction'],
  [/\/v2\/domainnames\//, 'GetDomainName'],
  [/\/hostedzone\/[^/]+\/rrset$/, 'ListResourceRecordSets'],
  [/\/hostedzone\/[^/]+$/, 'GetHostedZone'],
  [/\/accountlimit\//, 'GetAccountLimit'],
];

/** The first name or code in a JSON body. */
function aboutOf(body: string): string {
  return (
    /"(?:QueueName|TableName|CertificateArn|QuotaCode|logGroupNamePrefix|SecretId)":"([^"]*)"/.exec(body)?.[1] ?? ''
  );
}

const secret = { signing: 'a'.repeat(64), accepted: 'a'.repeat(64) };
const route53 = 'https://route53.amazonaws.com/doc/2013-04-01/';
const cloudFormation = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

const emptyAccount: Answers = {
  GetAccountSettings: json({ AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 } }),
  GetFunctionConcurrency: refused(404, 'ResourceNotFoundException'),
  GetFunctionConfiguration: refused(404, 'ResourceNotFoundException'),
  GetFunction: refused(404, 'ResourceNotFoundException'),
  HeadBucket: { status: 404 },
  GetQueueUrl: refused(400, 'com.amazonaws.sqs#QueueDoesNotExist'),
  DescribeTable: refused(400, 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'),
  DescribeLogGroups: json({ logGroups: [] }),
  GetDomainName: refused(404, 'NotFoundException'),
  ListCertificates: json({ CertificateSummaryList: [] }),
  GetServiceQuota: json({ Quota: { Value: 40_000 } }),
  GetSecretValue: json({ SecretString: JSON.stringify(secret), VersionId: 'a'.repeat(32) }),
  DescribeStacks: (about) => failure(400, 'ValidationError', `Stack with id ${about} does not exist`),
  GetHostedZone: xml(
    `<GetHostedZoneResponse xmlns="${route53}"><HostedZone><Id>/hostedzone/Z0123456789ABC</Id><Name>example.com.</Name><CallerReference>1</CallerReference><Config><PrivateZone>false</PrivateZone></Config></HostedZone></GetHostedZoneResponse>`,
  ),
  ListResourceRecordSets: records(),
  GetAccountLimit: healthChecks(3, 200),
};

export function failure(status: number, code: string, message: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(`<ErrorResponse xmlns="${cloudFormation}">${error}</ErrorResponse>`, status);
}

export function healthChecks(count: number, most: number): Answer {
  const limit = `<Limit><Type>MAX_HEALTH_CHECKS_BY_OWNER</Type><Value>${most}</Value></Limit>`;
  return xml(`<GetAccountLimitResponse xmlns="${route53}">${limit}<Count>${count}</Count></GetAccountLimitResponse>`);
}

/** Each record as XML. */
export function records(...sets: readonly string[]): Answer {
  const all = sets.map((set) => `<ResourceRecordSet>${set}</ResourceRecordSet>`).join('');
  return xml(
    `<ListResourceRecordSetsResponse xmlns="${route53}"><ResourceRecordSets>${all}</ResourceRecordSets><IsTruncated>false</IsTruncated><MaxItems>20</MaxItems></ListResourceRecordSetsResponse>`,
  );
}

/** `updatedAt`: an ISO time. */
export function stack(logBucket: string, status = 'UPDATE_COMPLETE', updatedAt = new Date().toISOString()): Answer {
  const output = `<member><OutputKey>LogBucketName</OutputKey><OutputValue>${logBucket}</OutputValue></member>`;
  const fields = `<StackName>x</StackName><StackStatus>${status}</StackStatus><CreationTime>${updatedAt}</CreationTime>`;
  const result = `<Stacks><member>${fields}<Outputs>${output}</Outputs></member></Stacks>`;
  return xml(
    `<DescribeStacksResponse xmlns="${cloudFormation}"><DescribeStacksResult>${result}</DescribeStacksResult></DescribeStacksResponse>`,
  );
}

export function stackResources(...types: readonly string[]): Answer {
  const all = types.map(
    (type) =>
      `<member><LogicalResourceId>x</LogicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-11-30T00:00:00Z</LastUpdatedTimestamp></member>`,
  );
  return xml(
    `<ListStackResourcesResponse xmlns="${cloudFormation}"><ListStackResourcesResult><StackResourceSummaries>${all.join('')}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
  );
}
