import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../core/limits/limits.ts';
import { bothDoors, configOf, regions, templatesOf } from './templates.ts';

/**
 * Rules for every resource of the templates, whoever adds one and whatever it is: nothing here names what there is
 * today. What exactly each function may do stands in granted-rights.test.ts.
 */

interface Resource {
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever its resource types say.
  readonly properties: any;
}

let templates: readonly [Template, Template];
let resources: readonly Resource[];

beforeAll(() => {
  templates = templatesOf(configOf({ ...bothDoors, alarmAddress: 'operations@example.com' }));
  resources = templates.flatMap((template) =>
    Object.entries<{ Type: string; Properties?: object }>(template.toJSON().Resources).map(([id, one]) => ({
      id,
      type: one.Type,
      properties: one.Properties ?? {},
    })),
  );
});

function all(type: string): readonly Resource[] {
  const found = resources.filter((resource) => resource.type === type);
  expect(found.length, `there are resources of type ${type}`).toBeGreaterThan(0);
  return found;
}

interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

function statementsIn(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Effect' in value) return [value as Statement];
  return Object.values(value).flatMap(statementsIn);
}

describe('every identity policy', () => {
  /** Objects are named by their content. */
  const namedByPrefix = /^arn:aws:s3:::[a-z0-9-]+\/(log|catalog|ledger|postbacks|sums)\/\*$/;
  /** CloudWatch tells of composite alarms only to who may ask for every alarm. */
  const isOfAlarms = ({ Action }: Statement) => Action === 'cloudwatch:DescribeAlarms';

  function identityStatements(): Statement[] {
    return resources
      .filter(({ type }) => /^AWS::IAM::/.test(type))
      .flatMap(({ properties: { AssumeRolePolicyDocument: _, ...rest } }) => statementsIn(rest));
  }

  test('allows, and names each action in full', () => {
    expect(identityStatements().length).toBeGreaterThan(10);
    for (const { Effect, Action, NotAction } of identityStatements()) {
      expect([Effect, NotAction]).toEqual(['Allow', undefined]);
      for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
    }
  });

  test('names its resources, or one prefix of one bucket; alarms alone are told of all', () => {
    expect(identityStatements().filter(isOfAlarms)).toMatchObject([{ Resource: '*' }, { Resource: '*' }]);
    for (const { Resource: named, NotResource } of identityStatements().filter((one) => !isOfAlarms(one))) {
      expect(NotResource).toBeUndefined();
      const texts = [named].flat().filter((one): one is string => typeof one === 'string');
      for (const text of texts) if (/[*?]/.test(text)) expect(text).toMatch(namedByPrefix);
      expect(JSON.stringify([named].flat().filter((one) => typeof one !== 'string'))).not.toMatch(/[*?]/);
    }
  });

  test('stands in a role that one service alone may take, and no managed policy beside it', () => {
    for (const { properties } of all('AWS::IAM::Role')) {
      expect(properties.ManagedPolicyArns).toBeUndefined();
      const [trust, ...more] = statementsIn(properties.AssumeRolePolicyDocument);
      expect(more).toEqual([]);
      expect(trust?.Principal).toEqual({ Service: expect.stringMatching(/^[a-z]+\.amazonaws\.com$/) });
    }
    expect(resources.filter(({ type }) => /IAM::(User|AccessKey|Group)/.test(type))).toEqual([]);
  });

  test('gives no function the right to delete what is logged or to change how anything is set up', () => {
    // Items of a table are figures, which can be counted from the log again.
    const dangerous =
      /:(Delete(?!Message|Item)|Put(?!Object$|LogEvents|Item)|Create(?!LogStream)|Update(?!Alias|Item)|Set|Purge|Tag|Untag)/;
    const actions = identityStatements().flatMap(({ Action }) => [Action].flat());
    expect(actions.filter((action) => dangerous.test(action ?? ''))).toEqual([]);
  });
});

test('whatever may invoke a function is one service, for one source of this account', () => {
  for (const { properties } of all('AWS::Lambda::Permission')) {
    expect(properties.Action).toBe('lambda:InvokeFunction');
    expect(properties.Principal).toMatch(/^(events|apigateway|elasticloadbalancing)\.amazonaws\.com$/);
    expect(JSON.stringify(properties.SourceArn)).toMatch(/"Fn::GetAtt":\["\w+","Arn"\]|123456789012:/);
  }
  expect(resources.filter(({ type }) => type === 'AWS::Lambda::Url')).toEqual([]);
});

describe('every bucket, queue and topic', () => {
  const policyTypes = {
    'AWS::S3::Bucket': ['AWS::S3::BucketPolicy', 'Bucket'],
    'AWS::SQS::Queue': ['AWS::SQS::QueuePolicy', 'Queues'],
    'AWS::SNS::Topic': ['AWS::SNS::TopicPolicy', 'Topics'],
  } as const;

  test.each(Object.entries(policyTypes))('%s has a policy that denies what comes without TLS', (type, [policy, on]) => {
    const denying = all(policy).filter(({ properties }) => statementsIn(properties).some(deniesPlain));
    for (const { id } of all(type)) {
      const ofIt = denying.filter(({ properties }) => JSON.stringify(properties[on]).includes(`"${id}"`));
      // Both regions have a resource of this logical id, or one only.
      expect(ofIt.length, id).toBe(all(type).filter((other) => other.id === id).length);
    }
  });

  test.each(Object.values(policyTypes).map(([policy]) => policy))('no %s lets in the world or a wildcard', (policy) => {
    for (const statement of all(policy).flatMap(({ properties }) => statementsIn(properties))) {
      if (statement.Effect === 'Deny') continue;
      expect(statement.Principal).toEqual({ Service: expect.any(String) });
      expect(statement.Condition).toBeDefined();
      expect(JSON.stringify(statement.Action)).not.toContain('*');
    }
  });

  function deniesPlain({ Effect, Action, Principal, Condition }: Statement): boolean {
    const plain = JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
    const everybody = JSON.stringify(Principal).includes('"*"');
    return Effect === 'Deny' && plain && everybody && /^(s3:\*|sqs:\*|sns:Publish)$/.test([Action].flat()[0] ?? '');
  }
});

describe('at rest', () => {
  test('every bucket and every queue is encrypted with its service’s own keys, and no KMS key is in any path', () => {
    for (const { properties } of all('AWS::S3::Bucket')) {
      expect(JSON.stringify(properties.BucketEncryption)).toContain('"SSEAlgorithm":"AES256"');
    }
    for (const { properties } of all('AWS::SQS::Queue')) expect(properties.SqsManagedSseEnabled).toBe(true);
    expect(JSON.stringify(resources)).not.toMatch(/aws:kms|AWS::KMS|Kms(Master)?Key(Id|Arn)|"kms:/i);
  });

  test('every table has DynamoDB’s own keys too, can be taken back in time, and is not deleted by mistake', () => {
    for (const { properties } of all('AWS::DynamoDB::Table')) {
      expect(properties.SSESpecification).toBeUndefined();
      expect(properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect(properties.DeletionProtectionEnabled).toBe(true);
    }
  });

  test('no bucket is public, each is versioned, and old versions end', () => {
    for (const { properties } of all('AWS::S3::Bucket')) {
      expect(Object.values(properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
    }
  });

  test('what is kept of persons ends by itself: segments and tombstones, their old versions, and every log', () => {
    for (const { properties } of all('AWS::S3::Bucket')) {
      const rules: readonly Record<string, unknown>[] = properties.LifecycleConfiguration.Rules;
      for (const { Status } of rules) expect(Status).toBe('Enabled');
      // A tombstone lies under the key of a segment, so the rule for segments ends it too.
      expect(rules).toContainEqual(expect.objectContaining({ Prefix: 'log/', ExpirationInDays: 1_095 }));
      const oldVersions = { NoncurrentVersionExpiration: { NoncurrentDays: limits.eventLog.noncurrentDays } };
      const everywhere = rules.filter(({ Prefix }) => Prefix === undefined);
      expect(everywhere).toContainEqual(expect.objectContaining(oldVersions));
      expect(everywhere).toContainEqual(expect.objectContaining({ ExpiredObjectDeleteMarker: true }));
    }
    for (const { properties } of all('AWS::Logs::LogGroup')) expect(properties.RetentionInDays).toBeGreaterThan(0);
  });

  test('every function prints to a log group of the template, and none to one that AWS makes without an end', () => {
    const groups = new Set(all('AWS::Logs::LogGroup').map(({ id }) => id));
    for (const { properties } of all('AWS::Lambda::Function')) {
      expect(groups).toContain(properties.LoggingConfig.LogGroup.Ref);
    }
  });
});

describe('no secret', () => {
  const reference = /^\{\{resolve:secretsmanager:[\w/-]+:SecretString:[a-z]+:[^:}]*:[^:}]*\}\}$/;

  test('is in a function’s environment but by a reference that CloudFormation resolves', () => {
    const variables = all('AWS::Lambda::Function').flatMap(({ properties }) =>
      Object.entries<unknown>(properties.Environment.Variables),
    );
    const secrets = variables.filter(([name]) => /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL/.test(name));
    expect(new Set(secrets.map(([name]) => name))).toEqual(new Set(['SIGNING_KEY', 'ACCEPTED_KEY']));
    for (const [, value] of secrets) expect(value).toMatch(reference);
    for (const [name, value] of variables)
      if (!secrets.some(([secret]) => secret === name)) expect(value).not.toMatch(/resolve:/);
  });

  test('is in an output, a description, a parameter or anywhere else', () => {
    for (const template of templates) {
      const { Resources, ...rest } = template.toJSON();
      expect(JSON.stringify(rest)).not.toMatch(/resolve:secretsmanager|SIGNING|ACCEPTED/);
      const references = JSON.stringify(Resources).match(/resolve:secretsmanager/g) ?? [];
      expect(references).toHaveLength(2);
    }
  });

  test('is given to a function that does not need it', () => {
    for (const { properties } of all('AWS::Lambda::Function')) {
      const isTrack = properties.FunctionName === 'clicks-track';
      expect(JSON.stringify(properties).includes('secretsmanager')).toBe(isTrack);
    }
  });
});

test('clients speak TLS 1.2 at least, under names of our own', () => {
  const names = all('AWS::ApiGatewayV2::DomainName');
  expect(names).toHaveLength(2 * regions.length);
  for (const { properties } of names) {
    for (const { SecurityPolicy } of properties.DomainNameConfigurations) expect(SecurityPolicy).toBe('TLS_1_2');
  }
  const encrypted = all('AWS::ElasticLoadBalancingV2::Listener').filter(({ properties }) => properties.Port === 443);
  expect(encrypted).toHaveLength(regions.length);
  for (const { properties } of encrypted) expect(properties.SslPolicy).toMatch(/^ELBSecurityPolicy-TLS13-1-2-/);
});
