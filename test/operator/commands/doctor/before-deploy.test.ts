import { describe, expect, test } from 'vitest';
import { runKeeptrack } from '../../command-under-test.ts';
import {
  type Answers,
  failure,
  fakeAccount,
  healthChecks,
  json,
  records,
  refused,
  stack,
  stackResources,
} from './fake-account.ts';

/** `doctor --before-deploy` as a whole, against an account that answers in AWS's words. */

const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
const regions = ['us-east-1', 'us-west-2'];
const bucketOf = (about: string) => `keeptrack-log-111122223333-${about.slice(-9)}`;
const deployed: Answers = {
  DescribeStacks: (about) => stack(about.includes('east') ? bucketOf('us-east-1') : bucketOf('us-west-2')),
  ListStackResources: stackResources('AWS::SQS::Queue', 'AWS::ApiGatewayV2::Api'),
};

/** Findings as `region: what: found`, and the notes. */
async function beforeDeploy(answers: Answers, config: object = {}) {
  const asked = await fakeAccount(answers);
  const text = JSON.stringify({ name: 'keeptrack', account: '111122223333', regions, domain, ...config });
  const { exitCode, out, error } = await runKeeptrack(['doctor', '--before-deploy', '--json'], {
    files: { 'keeptrack.config.json': text },
  });
  const report = JSON.parse(out.join('\n') || '{}') as {
    readonly findings?: readonly { readonly region: string; readonly what: string; readonly found: string }[];
    readonly notes?: readonly string[];
  };
  const { findings = [], notes = [] } = report;
  return {
    exitCode,
    error,
    asked,
    notes,
    found: findings.map(({ region, what, found }) => `${region}: ${what}: ${found}`),
  };
}

const ofBothStacks = (found: string) => regions.map((region) => `${region}: stack Keeptrack-${region}: ${found}`);
const ofBoth = (line: string) => regions.map((region) => `${region}: ${line}`);

test('an account in which nothing is deployed yet, and nothing is in the way, is no finding', async () => {
  const { exitCode, error, found, notes, asked } = await beforeDeploy({});
  expect({ found, error, exitCode }).toEqual({ found: [], error: [], exitCode: 0 });
  expect(notes).toContain(
    'not read: SQS, messages in flight of a queue: AWS tells it to nobody, and a support request raises it',
  );
  expect(asked).toContain('us-west-2 GetServiceQuota L-AB614373');
});

test('each name that is taken is a finding, and a bucket of another account says so', async () => {
  const queue = json({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/x' });
  const { found, exitCode } = await beforeDeploy({
    'us-east-1 HeadBucket': { status: 403 },
    'us-west-2 GetQueueUrl': (about) =>
      about === 'keeptrack-intake' ? queue : refused(400, 'com.amazonaws.sqs#QueueDoesNotExist'),
    'us-west-2 DescribeLogGroups': (about) => json({ logGroups: [{ logGroupName: about }] }),
    'us-west-2 GetDomainName': (about) =>
      about.endsWith('/go.example.com') ? json({ domainName: 'go.example.com' }) : refused(404, 'NotFoundException'),
  });
  const needs = 'name that a first deploy needs';
  expect(exitCode).toBe(1);
  expect(found).toContain(
    `us-east-1: ${needs}: bucket keeptrack-log-111122223333-us-east-1: 403: another account has it, or you may not look`,
  );
  expect(found).toContain(`us-west-2: ${needs}: queue keeptrack-intake: taken`);
  expect(found).toContain(`us-west-2: ${needs}: log group of keeptrack-track: taken`);
  expect(found).toContain(`us-west-2: ${needs}: custom domain go.example.com of API Gateway: taken`);
  expect(found).toHaveLength(10);
});

test('quotas are compared with what the load needs, and one that nobody may read is named', async () => {
  const { found } = await beforeDeploy({
    GetServiceQuota: (about) =>
      about === 'L-AB614373' ? json({ Quota: { Value: 10 } }) : json({ Quota: { Value: 40_000 } }),
    GetAccountLimit: healthChecks(196, 200),
    'us-west-2 GetServiceQuota': refused(400, 'AccessDeniedException'),
  });
  expect(found).toContain('us-east-1: quota of AWS: DynamoDB, write units a second of a new table: 10');
  expect(found).toContain(
    'us-west-2: quota of AWS: certificates of the account in a region: 400 AccessDeniedException',
  );
  expect(found).toContain('both: health checks of the account: 200');
});

test('reserved capacity of load balancers needs a quota that is 0 at first', async () => {
  const balanced = { frontDoor: 'alb', concurrency: { track: 500 }, loadBalancer: { reservedCapacityUnits: 120 } };
  const { found, notes } = await beforeDeploy(
    { GetServiceQuota: (about) => json({ Quota: { Value: about === 'L-8A66D0E6' ? 0 : 40_000 } }) },
    balanced,
  );
  expect(found).toEqual(ofBoth('quota of AWS: LCUs that load balancers of a region may reserve: 0'));
  expect(notes).toContainEqual(expect.stringMatching(/^not read: VPCs of the account in a region: /));
});

describe('records', () => {
  const record = (name: string, more: string) => `<Name>${name}.</Name><Type>A</Type>${more}`;
  const alias = (to: string) =>
    `<AliasTarget><HostedZoneId>Z1</HostedZoneId><DNSName>${to}</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>`;

  test('of somebody else under our name are a finding, in which zone and of which kind they are', async () => {
    const { found } = await beforeDeploy({
      ListResourceRecordSets: (about) =>
        about.endsWith(' go.example.com') ? records(record('go.example.com', '<TTL>60</TTL>')) : records(),
      GetHostedZone: failure(404, 'NoSuchHostedZone', 'No hosted zone found with ID: Z0123456789ABC'),
    });
    expect(found).toEqual(['both: hosted zone Z0123456789ABC: none', 'both: record of go.example.com: A']);
  });

  test('of our own stacks are none', async () => {
    const { found } = await beforeDeploy({
      ...deployed,
      ListResourceRecordSets: (about) => {
        const [, name = ''] = about.split(' ');
        const set = name === 'go.example.com' ? '<SetIdentifier>us-east-1</SetIdentifier>' : '';
        return records(record(name, `${set}${alias('d-1.execute-api.us-east-1.amazonaws.com.')}`));
      },
    });
    expect(found).toEqual([]);
  });

  test('of a region whose stack cannot be read are none: nobody removes records because a region is ill', async () => {
    const { found } = await beforeDeploy({
      'us-east-1 DescribeStacks': failure(403, 'AccessDenied', 'not authorized'),
      ListResourceRecordSets: (about) => {
        const [, name = ''] = about.split(' ');
        if (name.startsWith('us-west-2')) return records();
        const set = name === 'go.example.com' ? '<SetIdentifier>us-east-1</SetIdentifier>' : '';
        return records(record(name, `${set}${alias('d-1.execute-api.us-east-1.amazonaws.com.')}`));
      },
    });
    expect(found).toEqual(['us-east-1: stack Keeptrack-us-east-1: 403 AccessDenied']);
  });

  test('that lead to a door that the config leaves out are a finding, in each region', async () => {
    const balanced = { frontDoor: 'alb', concurrency: { track: 500 } };
    const answers = {
      ...deployed,
      ListResourceRecordSets: records(
        record('us-east-1.go.example.com', alias('d-1.execute-api.us-east-1.amazonaws.com.')),
        record('us-west-2.go.example.com', alias('d-2.execute-api.us-west-2.amazonaws.com.')),
      ),
    };
    expect((await beforeDeploy(answers, balanced)).found).toEqual(ofBoth('front door: frontDoor alb alone'));
  });
});

describe('certificates', () => {
  const arn = (region: string) => `arn:aws:acm:${region}:111122223333:certificate/1`;
  const trackingNames = [
    { name: 'clicks.partner.example', certificates: { 'us-east-1': arn('us-east-1'), 'us-west-2': arn('us-west-2') } },
  ];
  const described = (fields: object) => json({ Certificate: { Status: 'ISSUED', NotAfter: 4e9, ...fields } });

  test('that the config names must be there, be issued and cover the name', async () => {
    const { found } = await beforeDeploy(
      {
        'us-east-1 DescribeCertificate': described({
          DomainName: 'partner.example',
          SubjectAlternativeNames: ['partner.example'],
        }),
        'us-west-2 DescribeCertificate': refused(400, 'ResourceNotFoundException'),
      },
      { trackingNames },
    );
    expect(found).toEqual([
      'us-east-1: certificate of clicks.partner.example: partner.example',
      'us-west-2: certificate of clicks.partner.example: none',
    ]);
    const wildcard = described({ DomainName: '*.partner.example' });
    expect((await beforeDeploy({ DescribeCertificate: wildcard }, { trackingNames })).found).toEqual([]);
  });

  test('that still wait for their validation are a finding before the next deploy waits with them', async () => {
    const name = 'go.example.com';
    const { found } = await beforeDeploy({
      ListCertificates: json({ CertificateSummaryList: [{ CertificateArn: arn('us-east-1'), DomainName: name }] }),
      DescribeCertificate: described({ DomainName: name, Status: 'PENDING_VALIDATION' }),
    });
    expect(found).toEqual(ofBoth('certificate of go.example.com: PENDING_VALIDATION'));
  });
});

describe('a stack', () => {
  test('of another deployment is reported with its bucket', async () => {
    const { found } = await beforeDeploy({ ...deployed, DescribeStacks: stack('staging-log-111122223333-us-east-1') });
    expect(found).toEqual(ofBothStacks('staging-log-111122223333-us-east-1'));
  });

  test('of a deployment that has the stack name of an older release is reported', async () => {
    const older: Answers = {
      DescribeStacks: (about) =>
        about.startsWith('Keeptrack-us-')
          ? stack(`clicks-log-111122223333-${about.slice('Keeptrack-'.length)}`)
          : failure(400, 'ValidationError', `Stack with id ${about} does not exist`),
    };
    const { found } = await beforeDeploy(older, { name: 'clicks' });
    expect(found).toEqual(regions.map((region) => `${region}: stack of this deployment: Keeptrack-${region}`));
  });

  test('that nobody may look at is reported as unreadable, not as missing', async () => {
    const { found } = await beforeDeploy({ DescribeStacks: failure(403, 'AccessDenied', 'not authorized') });
    expect(found).toEqual(ofBothStacks('403 AccessDenied'));
  });
});

describe('the deployed release', () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const since = (east: number, west: number): Answers => ({
    ...deployed,
    DescribeStacks: (about) =>
      about.includes('east')
        ? stack(bucketOf('us-east-1'), 'UPDATE_COMPLETE', daysAgo(east))
        : stack(bucketOf('us-west-2'), 'UPDATE_COMPLETE', daysAgo(west)),
    'us-east-1 GetFunctionConfiguration': json({ CodeSha256: 'old' }),
    'us-west-2 GetFunctionConfiguration': json({ CodeSha256: 'new' }),
  });

  test('is told with its age, and may differ between the regions while a deploy goes on', async () => {
    const { found, notes } = await beforeDeploy(since(30, 0.5));
    expect(found).toEqual([]);
    expect(notes[0]).toBe(`us-east-1 was deployed on ${daysAgo(30).slice(0, 10)}, 30 days ago`);
  });

  test('of a region that somebody forgot is a finding', async () => {
    const { found } = await beforeDeploy(since(30, 5));
    expect(found).toEqual([expect.stringMatching(/^both: release: other code of track, .*us-east-1 was deployed on/)]);
  });

  test('stands in a stack whose state a deploy can change, or that is a finding', async () => {
    const broken = { ...deployed, DescribeStacks: stack(bucketOf('us-east-1'), 'UPDATE_ROLLBACK_FAILED') };
    const { found } = await beforeDeploy({ ...broken, 'us-west-2 DescribeStacks': deployed['DescribeStacks'] ?? {} });
    expect(found).toEqual(['us-east-1: stack Keeptrack-us-east-1: UPDATE_ROLLBACK_FAILED']);
  });
});
