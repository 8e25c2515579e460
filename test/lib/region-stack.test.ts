import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { environmentNames, functionSettings } from '../../core/config/settings.ts';
import { zoneOffsets } from '../../core/config/time-zone.ts';
import { daySumsPrefix, factsPrefix, foldPrefix, sumsPrefix, toldPrefix } from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import { deliveriesPrefix } from '../../core/postbacks/delivery-keys.ts';
import { outboxPrefix } from '../../core/postbacks/outbox-key.ts';
import { configOf, regions, templatesOf } from './templates.ts';

let templates: readonly [Template, Template];

beforeAll(() => {
  templates = templatesOf(configOf({ retentionDays: 400, capture: { peerFirstOneIn: 50, viaQueueOneIn: 60 } }));
});

interface Rule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

const parts = ['track', 'store', 'replay', 'audit', 'stats', 'ledger', 'notify'] as const;
type Part = (typeof parts)[number];

describe.each([
  { home: regions[0], peer: regions[1], index: 0 },
  { home: regions[1], peer: regions[0], index: 1 },
] as const)('the stack of $home', ({ home, peer, index }) => {
  const queueUrl = (region: string, name: string) => `https://sqs.${region}.amazonaws.com/123456789012/clicks-${name}`;
  const bucket = (region: string) => `clicks-log-123456789012-${region}`;

  test('keeps the event log versioned, private, encrypted and for as long as the config says', () => {
    templates[index].hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: bucket(home),
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    templates[index].resourceCountIs('AWS::S3::Bucket', 1);
  });

  test('lets segments expire and what was made of them, but never the catalog', () => {
    const [log] = Object.values(templates[index].findResources('AWS::S3::Bucket'));
    const rules: Rule[] = log?.['Properties'].LifecycleConfiguration.Rules;
    const expiring = rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(expiring.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays])).toEqual([
      ['log/', 400],
      ['ledger/', 400],
      [foldPrefix, limits.fold.keptDays],
      [factsPrefix, limits.facts.keptDays],
      [toldPrefix, limits.fold.toldKeptDays],
      [daySumsPrefix, 400],
      [outboxPrefix, limits.outbox.keptDays],
      [deliveriesPrefix, limits.postbacks.keptDays],
    ]);
    const ofOldVersions = rules.filter(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration);
    expect(ofOldVersions.map(({ Prefix, NoncurrentVersionExpiration: old }) => [Prefix, old?.NoncurrentDays])).toEqual([
      ['ledger/', limits.eventLog.ledgerNoncurrentDays],
      ['caps/', limits.eventLog.ledgerNoncurrentDays],
      [sumsPrefix, limits.eventLog.ledgerNoncurrentDays],
      [deliveriesPrefix, limits.eventLog.ledgerNoncurrentDays],
      [undefined, limits.eventLog.noncurrentDays],
    ]);
  });

  test('refuses unencrypted calls to the event log and to every queue', () => {
    const denied = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const document = { Statement: Match.arrayWith([Match.objectLike(denied)]) };
    templates[index].allResourcesProperties('AWS::S3::BucketPolicy', { PolicyDocument: document });
    templates[index].allResourcesProperties('AWS::SQS::QueuePolicy', { PolicyDocument: document });
    templates[index].resourceCountIs('AWS::S3::BucketPolicy', 1);
    templates[index].resourceCountIs('AWS::SQS::QueuePolicy', 4);
  });

  test('has an intake queue, its dead-letter queue, and a failure queue for either bucket', () => {
    const queues = templates[index].findResources('AWS::SQS::Queue');
    expect(Object.values(queues).map(({ Properties }) => Properties.QueueName)).toEqual([
      'clicks-dead-letters',
      'clicks-intake',
      `clicks-failure-${home}`,
      `clicks-failure-${peer}`,
    ]);
  });

  test('keeps what stands in a queue for 14 days, encrypted, and when the stack goes', () => {
    templates[index].allResources('AWS::SQS::Queue', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true, MaximumMessageSize: 1_048_576 },
    });
  });

  test('gives up on an intake message after 1,000 receives, and on what is owed never', () => {
    const queues = Object.values(templates[index].findResources('AWS::SQS::Queue'));
    const redriven = queues.filter(({ Properties }) => Properties.RedrivePolicy);
    expect(redriven.map(({ Properties }) => Properties.QueueName)).toEqual(['clicks-intake']);
    for (const { Properties } of redriven) expect(Properties.RedrivePolicy.maxReceiveCount).toBe(1_000);
  });

  test('hides an intake message for the window and for six times as long as `store` may run', () => {
    templates[index].hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'clicks-intake',
      VisibilityTimeout: 6 * functionOf('store').Timeout + limits.store.windowSeconds.usual,
    });
  });

  test('runs all functions on arm64 and the newest Node, each with its own log', () => {
    templates[index].resourceCountIs('AWS::Lambda::Function', parts.length);
    templates[index].allResourcesProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
    templates[index].allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    templates[index].resourceCountIs('AWS::Logs::LogGroup', parts.length);
  });

  test.each(parts)('sets for `%s` the variables that it reads, and no others', (part) => {
    const names = functionSettings[part].map((name) => environmentNames[name]);
    expect(Object.keys(functionOf(part).Environment.Variables).sort()).toEqual([...names].sort());
  });

  test('tells `track` both regions, the shares of the config and where CloudFormation finds the keys', () => {
    expect(functionOf('track').Environment.Variables).toMatchObject({
      PEER_REGION: peer,
      HOME_BUCKET: bucket(home),
      PEER_BUCKET: bucket(peer),
      HOME_INTAKE_URL: queueUrl(home, 'intake'),
      PEER_INTAKE_URL: queueUrl(peer, 'intake'),
      SIGNING_KEY: '{{resolve:secretsmanager:clicks/signing-keys:SecretString:signing::}}',
      ACCEPTED_KEY: '{{resolve:secretsmanager:clicks/signing-keys:SecretString:accepted::}}',
      PEER_FIRST_ONE_IN: '50',
      CLIENT_ADDRESS_KEPT: 'truncated',
      USER_AGENT_KEPT: 'full',
    });
  });

  test('tells `track` and `ledger` the time zone of the network, whose days visitors count in', () => {
    const [berlin] = templatesOf(configOf({ reporting: { timeZone: 'Europe/Berlin' } }));
    const variablesOf = (part: 'track' | 'ledger') => {
      const [found] = Object.values(
        berlin.findResources('AWS::Lambda::Function', { Properties: { FunctionName: `clicks-${part}` } }),
      );
      return found?.['Properties'].Environment.Variables;
    };
    expect(variablesOf('track').TIME_ZONE_OFFSETS).toBe(zoneOffsets('Europe/Berlin'));
    expect(variablesOf('ledger').TIME_ZONE).toBe('Europe/Berlin');
    expect(functionOf('track').Environment.Variables.TIME_ZONE_OFFSETS).toBe('0:0');
    expect(functionOf('ledger').Environment.Variables.TIME_ZONE).toBe('UTC');
  });

  test('tells `store` and `replay` the failure queues for both buckets', () => {
    for (const part of ['store', 'replay'] as const) {
      expect(functionOf(part).Environment.Variables).toMatchObject({
        HOME_QUEUE_OWED_HOME_URL: queueUrl(home, `failure-${home}`),
        HOME_QUEUE_OWED_PEER_URL: queueUrl(home, `failure-${peer}`),
        PEER_QUEUE_OWED_HOME_URL: queueUrl(peer, `failure-${home}`),
        PEER_QUEUE_OWED_PEER_URL: queueUrl(peer, `failure-${peer}`),
        DEAD_LETTER_URL: queueUrl(home, 'dead-letters'),
        VIA_QUEUE_ONE_IN: '60',
      });
    }
  });

  test('hands the intake queue to `store` in large batches with partial failures', () => {
    templates[index].hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: limits.store.batchSizeMax,
      MaximumBatchingWindowInSeconds: limits.store.windowSeconds.usual,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: limits.store.concurrencyMax },
    });
    templates[index].resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
  });

  test('gives each function but `track` a share of the concurrency that is its most, so that no backlog takes it from clicks', () => {
    const reserved = parts.map((part) => [part, functionOf(part).ReservedConcurrentExecutions]);
    expect(Object.fromEntries(reserved)).toEqual({
      ...{ track: undefined, store: 20, replay: 3, audit: 4, stats: 6, ledger: 5, notify: 3 },
    });
    for (const { Properties } of Object.values(templates[index].findResources('AWS::Lambda::EventSourceMapping'))) {
      const [part] = parts.filter((one) =>
        JSON.stringify(Properties.FunctionName).includes(`${one[0]?.toUpperCase()}${one.slice(1)}Function`),
      );
      expect(Properties.ScalingConfig.MaximumConcurrency).toBe(
        functionOf(part ?? 'track').ReservedConcurrentExecutions,
      );
    }
  });

  test('runs `replay`, `audit`, `stats`, `ledger` and `notify` by schedule, and drops late runs', () => {
    for (const [rate, task] of [
      ['rate(1 minute)', 'deliver'],
      ['rate(1 hour)', 'repair'],
      ['rate(5 minutes)', 'repair-recent'],
      ['rate(1 day)', 'repair-far'],
      ['rate(1 minute)', 'check-probes'],
      ['rate(1 minute)', 'fold'],
      ['rate(5 minutes)', 'close'],
      ['rate(1 hour)', 'review'],
      ['rate(1 day)', 'sweep'],
      ['rate(1 minute)', 'notify'],
    ]) {
      templates[index].hasResourceProperties('AWS::Events::Rule', {
        ScheduleExpression: rate,
        State: 'ENABLED',
        Targets: [Match.objectLike({ Input: JSON.stringify({ task }) })],
      });
    }
    templates[index].hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
  });

  test('sends every path to `track`', () => {
    templates[index].hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey: '$default' });
    templates[index].hasResourceProperties('AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' });
    templates[index].resourceCountIs('AWS::ApiGatewayV2::Route', 1);
  });

  test('says in its outputs where it is and what it is', () => {
    templates[index].hasOutput('Routing', { Value: index === 0 ? 'primary' : 'secondary' });
    templates[index].hasOutput('LogBucketName', { Value: bucket(home) });
    templates[index].hasOutput('TrackingUrl', {});
  });

  test('waits for nothing of the other stack and imports nothing', () => {
    const text = JSON.stringify(templates[index].toJSON());
    expect(text).not.toContain('Fn::ImportValue');
    expect(text).not.toContain('Export');
    expect(text).not.toContain('Custom::');
  });

  function functionOf(part: Part) {
    const found = Object.values(
      templates[index].findResources('AWS::Lambda::Function', { Properties: { FunctionName: `clicks-${part}` } }),
    );
    expect(found).toHaveLength(1);
    return found[0]?.['Properties'];
  }
});

test('the two stacks differ in nothing but the regions that they name', () => {
  const [primary, secondary] = templates.map((template) => JSON.stringify(template.toJSON()));
  const mirrored = secondary
    ?.replaceAll(regions[0], '<a>')
    .replaceAll(regions[1], regions[0])
    .replaceAll('<a>', regions[1])
    .replaceAll('euwest1', 'useast1')
    .replace('"secondary"', '"primary"')
    .replaceAll(`"PRIMARY_REGION":"${regions[1]}"`, `"PRIMARY_REGION":"${regions[0]}"`);
  expect(comparable(mirrored)).toEqual(comparable(primary));
});

/** Logical ids hold digests of the construct's path or of a version's settings, and lists of ARNs come sorted by the names in them. */
function comparable(text = ''): unknown {
  return JSON.parse(text.replace(/(?<!:\d*)[0-9A-F]{8}(?:[0-9a-f]{32})?/g, ''), (_key, value) =>
    isTexts(value) ? [...value].sort() : value,
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
