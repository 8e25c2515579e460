import { describe, expect, test } from 'vitest';
import { newKeySecret } from '../../../../core/keys/key-rotation.ts';
import { type BucketFacts, judgeBucket } from '../../../../operator/commands/doctor/check-buckets.ts';
import { judgeCatalogs } from '../../../../operator/commands/doctor/check-catalogs.ts';
import { judgeCertificate } from '../../../../operator/commands/doctor/check-certificates.ts';
import { judgeClock } from '../../../../operator/commands/doctor/check-clock.ts';
import { judgeDoors, judgeSecondDoor } from '../../../../operator/commands/doctor/check-doors.ts';
import { judgeFunction } from '../../../../operator/commands/doctor/check-functions.ts';
import { judgeBothKeys, judgeKeys } from '../../../../operator/commands/doctor/check-keys.ts';
import { judgeQueue } from '../../../../operator/commands/doctor/check-queues.ts';
import { judgeTable, type TableFacts } from '../../../../operator/commands/doctor/check-tables.ts';
import { judgeTokens } from '../../../../operator/commands/doctor/check-tokens.ts';
import type {
  BucketExpectations,
  FunctionExpectations,
  QueueExpectations,
  TableExpectations,
} from '../../../../operator/commands/doctor/expectations.ts';
import type { Finding } from '../../../../operator/commands/doctor/finding.ts';

const region = 'us-east-1';

/** `what: expected -> found`, one for each finding. */
function told(findings: readonly Finding[]): string[] {
  return findings.map(({ what, expected, found }) => `${what}: ${expected} -> ${found}`);
}

describe('a bucket', () => {
  const expected: BucketExpectations = {
    BucketName: 'log',
    VersioningConfiguration: { Status: 'Enabled' },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true },
    LifecycleConfiguration: { Rules: [{ Id: 'old', Status: 'Enabled', Prefix: 'log/', ExpirationInDays: 30 }] },
  };
  const ok = (value: string) => ({ kind: 'ok', value }) as const;
  const good: BucketFacts = {
    versioning: ok('Enabled'),
    encryption: ok('AES256'),
    publicAccess: ok('BlockPublicAcls, IgnorePublicAcls'),
    lifecycle: ok('old (Enabled, log/): 30 days'),
  };

  test('as its template has it is no finding', () => {
    expect(judgeBucket(region, expected, good)).toEqual([]);
  });

  test.each<[Partial<BucketFacts>, string]>([
    [{ versioning: ok('Suspended') }, 'bucket log: versioning: Enabled -> Suspended'],
    [{ encryption: ok('aws:kms') }, 'bucket log: encryption: AES256 -> aws:kms'],
    [
      { publicAccess: ok('BlockPublicAcls') },
      'bucket log: public access blocked by: BlockPublicAcls, IgnorePublicAcls -> BlockPublicAcls',
    ],
    [
      { publicAccess: { kind: 'failed', code: 'NoSuchPublicAccessBlockConfiguration', reason: '404 NoSuch…' } },
      'bucket log: public access blocked by: BlockPublicAcls, IgnorePublicAcls -> NoSuchPublicAccessBlockConfiguration',
    ],
    [
      {
        lifecycle: { kind: 'failed', code: 'NoSuchLifecycleConfiguration', reason: '404 NoSuchLifecycleConfiguration' },
      },
      'bucket log: lifecycle: old (Enabled, log/): 30 days -> NoSuchLifecycleConfiguration',
    ],
    [
      { versioning: { kind: 'failed', code: 'AccessDenied', reason: '403 AccessDenied' } },
      'bucket log: versioning: an answer -> 403 AccessDenied',
    ],
  ])('%j is a finding', (facts, finding) => {
    expect(told(judgeBucket(region, expected, { ...good, ...facts }))).toEqual([finding]);
  });
});

describe('a table', () => {
  const expected: TableExpectations = {
    TableName: 'figures',
    DeletionProtectionEnabled: true,
    TimeToLiveSpecification: { AttributeName: 'expires_at' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  };
  const ok = (value: string) => ({ kind: 'ok', value }) as const;
  const good: TableFacts = {
    deletionProtection: ok('true'),
    timeToLive: ok('expires_at'),
    recovery: ok('ENABLED'),
  };

  test('as its template has it is no finding', () => {
    expect(judgeTable(region, expected, good)).toEqual([]);
  });

  test.each<[Partial<TableFacts>, string]>([
    [{ deletionProtection: ok('false') }, 'table figures: protected from deletion: true -> false'],
    [{ timeToLive: ok('none') }, 'table figures: items end by: expires_at -> none'],
    [{ recovery: ok('DISABLED') }, 'table figures: can be taken back in time: ENABLED -> DISABLED'],
    [
      { timeToLive: { kind: 'failed', code: 'AccessDenied', reason: '400 AccessDenied' } },
      'table figures: items end by: an answer -> 400 AccessDenied',
    ],
  ])('%j is a finding', (facts, finding) => {
    expect(told(judgeTable(region, expected, { ...good, ...facts }))).toEqual([finding]);
  });
});

describe('a queue', () => {
  const expected: QueueExpectations = {
    QueueName: 'intake',
    VisibilityTimeout: 72,
    MessageRetentionPeriod: 1_209_600,
    MaximumMessageSize: 1_048_576,
    RedrivePolicy: { maxReceiveCount: 1_000 },
  };
  const good = {
    VisibilityTimeout: '72',
    MessageRetentionPeriod: '1209600',
    MaximumMessageSize: '1048576',
    RedrivePolicy: '{"maxReceiveCount":1000}',
    SqsManagedSseEnabled: 'true',
  };

  test('as its template has it is no finding', () => {
    expect(judgeQueue(region, expected, good)).toEqual([]);
  });

  test.each([
    [{ VisibilityTimeout: '30' }, 'queue intake: visibility time-out in seconds: 72 -> 30'],
    [{ MessageRetentionPeriod: '345600' }, 'queue intake: retention in seconds: 1209600 -> 345600'],
    [{ RedrivePolicy: '{"maxReceiveCount":3}' }, 'queue intake: receives before the dead-letter queue: 1000 -> 3'],
    [{ RedrivePolicy: undefined }, 'queue intake: receives before the dead-letter queue: 1000 -> none'],
    [{ SqsManagedSseEnabled: 'false' }, 'queue intake: encrypted with keys of SQS: true -> false'],
  ])('%j is a finding', (attributes, finding) => {
    const found = Object.entries({ ...good, ...attributes }).filter((entry): entry is [string, string] => !!entry[1]);
    expect(told(judgeQueue(region, expected, Object.fromEntries(found)))).toEqual([finding]);
  });
});

describe('a function', () => {
  const expected: FunctionExpectations = {
    ...{ FunctionName: 'track', Runtime: 'nodejs24.x', Timeout: 10, MemorySize: 512 },
    Environment: { Variables: { PEER_REGION: 'us-west-2', SIGNING_KEY: '{{resolve:…}}', MADE: { Ref: 'Queue' } } },
  };
  const good = {
    ...{ runtime: 'nodejs24.x', timeoutSeconds: 10, memoryMegabytes: 512, codeHash: 'hash' },
    environment: { PEER_REGION: 'us-west-2', SIGNING_KEY: 'secret', MADE: 'https://…' },
  };

  test('as its template has it is no finding, although CloudFormation resolves references', () => {
    expect(judgeFunction(region, expected, good)).toEqual([]);
  });

  test.each([
    [{ runtime: 'nodejs20.x' }, 'function track: runtime: nodejs24.x -> nodejs20.x'],
    [{ timeoutSeconds: 3 }, 'function track: time-out in seconds: 10 -> 3'],
    [{ memoryMegabytes: 128 }, 'function track: memory in MB: 512 -> 128'],
    [{ environment: { ...good.environment, DEBUG: '1' } }, 'function track: DEBUG: nothing -> 1'],
    [{ environment: { MADE: 'x' } }, 'function track: PEER_REGION: us-west-2 -> nothing'],
  ])('%j is a finding', (change, finding) => {
    expect(told(judgeFunction(region, expected, { ...good, ...change }))).toEqual([finding]);
  });

  test('never prints a key, not even a wrong one', () => {
    const environment = { ...good.environment, SIGNING_KEY: 'other', ACCEPTED_KEY: 'unexpected' };
    expect(judgeFunction(region, expected, { ...good, environment })).toEqual([]);
  });
});

describe('a certificate', () => {
  const nowMs = Date.UTC(2026, 10, 23);
  const inDays = (days: number) => new Date(nowMs + days * 86_400_000);
  const judge = (...found: Parameters<typeof judgeCertificate>[2]) =>
    told(judgeCertificate(region, 'go.example.com', found, nowMs));

  test('that is issued and valid for long is no finding, even with other certificates for its name', () => {
    expect(judge({ Status: 'EXPIRED', NotAfter: inDays(-1) }, { Status: 'ISSUED', NotAfter: inDays(300) })).toEqual([]);
  });

  test('that is missing, not issued or about to expire is a finding', () => {
    expect(judge()).toEqual(['certificate of go.example.com: ISSUED -> none']);
    expect(judge({ Status: 'PENDING_VALIDATION' })).toEqual([
      'certificate of go.example.com: ISSUED -> PENDING_VALIDATION',
    ]);
    expect(judge({ Status: 'ISSUED', NotAfter: inDays(10) })[0]).toMatch(/before it expires -> 10 days$/);
  });
});

describe('keys', () => {
  const keys = (digit: string, versionId = 'v1') =>
    ({ kind: 'held', versionId, secret: newKeySecret(digit.repeat(64)) }) as const;

  test('that are equal in both regions and run in the functions are no finding', () => {
    expect(judgeKeys(region, keys('a'), 'v1', true)).toEqual([]);
    expect(judgeBothKeys([keys('a'), keys('a')])).toEqual([]);
  });

  test('that are missing, not deployed, or different from the peer’s are a finding', () => {
    expect(told(judgeKeys(region, { kind: 'missing' }, 'v1', true))).toEqual(['signing keys: version v1 -> none']);
    expect(told(judgeKeys(region, keys('a'), 'v1', false))).toEqual([
      'signing keys: functions with version v1 -> other keys',
    ]);
    expect(told(judgeBothKeys([keys('a'), keys('b')]))).toEqual([
      'signing keys: the same in both regions -> different keys',
    ]);
  });

  test('are never printed in a finding', () => {
    expect(JSON.stringify(judgeBothKeys([keys('a'), keys('b')]))).not.toMatch(/a{32}|b{32}/);
  });
});

describe('catalogs', () => {
  const fact = (of: string, found: string, isVersion = true) => ({ region: of, found, isVersion });

  test('of one version are no finding', () => {
    expect(judgeCatalogs([fact('east', 'c1'), fact('west', 'c1')])).toEqual([]);
  });

  test('of two versions, or missing, are a finding', () => {
    expect(told(judgeCatalogs([fact('east', 'c1'), fact('west', 'c2')]))).toEqual([
      'catalog: the same version in both logs -> c1 and c2',
    ]);
    expect(told(judgeCatalogs([fact('east', 'none (NoSuchKey)', false), fact('west', 'c2')]))).toEqual([
      'catalog: a published version -> none (NoSuchKey)',
    ]);
  });
});

test('a clock that is off is a finding that says by how much', () => {
  expect(judgeClock(region, 1_000_000, 1_001_000)).toEqual([]);
  expect(told(judgeClock(region, 1_000_000, 1_060_000))[0]).toContain('-> 60 s ahead');
  expect(told(judgeClock(region, 1_060_000, 1_000_000))[0]).toContain('-> 60 s behind');
});

describe('front doors', () => {
  const [api, balancer] = ['http-api', 'alb'] as const;
  const judge = (...args: Parameters<typeof judgeDoors> extends [string, ...infer Rest] ? Rest : never) =>
    told(judgeDoors(region, ...args));

  test('that change in three deploys are no finding', () => {
    expect(judge({ frontDoor: api, secondFrontDoor: balancer }, [api], api)).toEqual([]);
    expect(judge({ frontDoor: balancer, secondFrontDoor: api }, [api, balancer], api)).toEqual([]);
    expect(judge({ frontDoor: balancer }, [api, balancer], balancer)).toEqual([]);
  });

  test('that would go while records lead to them, or that are not there yet, are a finding', () => {
    expect(judge({ frontDoor: balancer }, [api], api)).toEqual([
      'front door: frontDoor http-api with secondFrontDoor alb -> frontDoor alb alone',
    ]);
    expect(judge({ frontDoor: balancer }, [api, balancer], api)).toEqual([
      'front door: frontDoor alb with secondFrontDoor http-api -> frontDoor alb alone',
    ]);
    expect(judge({ frontDoor: balancer, secondFrontDoor: api }, [api], api)).toEqual([
      'front door: frontDoor http-api with secondFrontDoor alb -> frontDoor alb with secondFrontDoor http-api',
    ]);
  });

  test('without a domain stand in links themselves, so none may go', () => {
    expect(judge({ frontDoor: balancer }, [api, balancer], undefined)).toHaveLength(1);
  });

  test('of which there are two for longer than a change takes are a finding', () => {
    const nowMs = Date.UTC(2026, 11, 1);
    const standingFor = (days: number) =>
      told(judgeSecondDoor(region, { frontDoor: balancer, secondFrontDoor: api }, nowMs - days * 86_400_000, nowMs));
    expect(standingFor(14)).toEqual([]);
    expect(standingFor(15)).toEqual(['second front door: at most 14 days -> http-api for 15 days at least']);
  });
});

test('a security token that came over port 80 is a finding, with how often', () => {
  expect(judgeTokens(region, 0)).toEqual([]);
  expect(told(judgeTokens(region, 3))).toEqual(['security tokens over port 80: none in 7 days -> 3']);
});
