import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { parseDeployConfig } from '../../../../core/config/deploy-config.ts';
import type { Deployment } from '../../../../operator/clients/deployment.ts';
import { checkStacks } from '../../../../operator/commands/doctor/check-stacks.ts';
import type { Finding } from '../../../../operator/commands/doctor/finding.ts';
import type { AccountSubject } from '../../../../operator/commands/doctor/region-check.ts';

/** A small server that answers DescribeStacks as CloudFormation does. The local cloud has no stacks. */

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
});

const region = 'us-east-1';
const ours = `keeptrack-log-111122223333-${region}`;

test('no stack at all is no finding: nothing is deployed yet', async () => {
  expect(await checked({})).toEqual([]);
});

test('a stack of this deployment is no finding, and a stack of another is reported with its bucket', async () => {
  expect(await checked({ 'Keeptrack-us-east-1': ours })).toEqual([]);
  expect(await checked({ 'Keeptrack-us-east-1': 'staging-log-111122223333-us-east-1' })).toMatchObject([
    { what: 'stack Keeptrack-us-east-1', found: 'staging-log-111122223333-us-east-1' },
  ]);
});

test('a deployment whose stack has the name of an older release is reported', async () => {
  const found = await checked({ 'Keeptrack-us-east-1': `clicks-log-111122223333-${region}` }, 'clicks');
  expect(found).toMatchObject([{ expected: 'Keeptrack-clicks-us-east-1', found: 'Keeptrack-us-east-1' }]);
});

test('a refused look-up is reported as unreadable, not as a missing stack', async () => {
  expect(await checked('AccessDenied')).toMatchObject([{ expected: 'an answer', found: '403 AccessDenied' }]);
});

/** `stacks` has the log bucket by stack name, or it is the code with which every call is refused. */
async function checked(stacks: Readonly<Record<string, string>> | string, name = 'keeptrack') {
  const endpoint = await cloudFormation((stack) => {
    if (typeof stacks === 'string')
      return failure(403, stacks, 'not authorized to perform: cloudformation:DescribeStacks');
    const bucket = stacks[stack];
    return bucket === undefined
      ? failure(400, 'ValidationError', `Stack with id ${stack} does not exist`)
      : described(bucket);
  });
  const parsed = parseDeployConfig(JSON.stringify({ name, account: '111122223333', regions: [region, 'us-west-2'] }));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'operator' };
  const clientOptions = () => ({ region, endpoint, credentials, maxAttempts: 1 });
  const deployment = { config: parsed.config, clientOptions } as unknown as Deployment;
  return (await checkStacks({ deployment, region } as AccountSubject)) satisfies readonly Finding[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function cloudFormation(answer: (stackName: string) => Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { status, body: xml } = answer(new URLSearchParams(body).get('StackName') ?? '');
    response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

function described(bucket: string): Answer {
  const output = `<member><OutputKey>LogBucketName</OutputKey><OutputValue>${bucket}</OutputValue></member>`;
  const stack = `<member><StackName>x</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-30T00:00:00Z</CreationTime><Outputs>${output}</Outputs></member>`;
  const result = `<DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult>`;
  return { status: 200, body: `<DescribeStacksResponse xmlns="${namespace}">${result}</DescribeStacksResponse>` };
}

function failure(status: number, code: string, message: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<ErrorResponse xmlns="${namespace}">${error}</ErrorResponse>` };
}
