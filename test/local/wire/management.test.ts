import { ACMClient, DescribeCertificateCommand, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test } from 'vitest';
import { account, type ManagedCloud, managedCloud, refusal } from './managed-cloud.ts';

/** What operators ask, by the SDK's own clients. */

let cloud: ManagedCloud;
beforeEach(async () => {
  cloud = await managedCloud();
});

describe('Secrets Manager', () => {
  const versions = ['1', '2'].map((digit) => digit.repeat(32)) as [string, string];
  const client = () => cloud.open(SecretsManagerClient);
  const create = (SecretString = 'one', token = versions[0]) =>
    client().send(new CreateSecretCommand({ Name: 'kt/keys', SecretString, ClientRequestToken: token }));
  const put = (SecretString: string, token: string) =>
    client().send(new PutSecretValueCommand({ SecretId: 'kt/keys', SecretString, ClientRequestToken: token }));
  const get = (more: object = {}) => client().send(new GetSecretValueCommand({ SecretId: 'kt/keys', ...more }));

  test('gives back what was put in, current, previous and by the id of its version', async () => {
    const { ARN = '' } = await create();
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:111122223333:secret:kt\/keys-\w{6}$/);
    expect(await put('two', versions[1])).toMatchObject({ VersionId: versions[1], VersionStages: ['AWSCURRENT'] });
    expect(await get()).toMatchObject({ SecretString: 'two', VersionId: versions[1], Name: 'kt/keys' });
    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'one' });
    expect(await get({ VersionId: versions[0] })).toMatchObject({ SecretString: 'one' });
    expect(await get({ SecretId: ARN })).toMatchObject({ SecretString: 'two', CreatedDate: expect.any(Date) });
  });

  test('takes the same call twice, and no other value under the same id', async () => {
    await create();
    expect(await refusal(create())).toBe('done');
    expect(await refusal(create('other'))).toBe('ResourceExistsException');
    expect(await refusal(create('one', versions[1]))).toBe('ResourceExistsException');
    expect(await refusal(put('other', versions[0]))).toBe('ResourceExistsException');
  });

  test('knows nothing of other secrets, other versions, and other regions', async () => {
    expect(await refusal(put('one', versions[0]))).toBe('ResourceNotFoundException');
    await create();
    expect(await refusal(get({ VersionId: versions[1] }))).toBe('ResourceNotFoundException');
    expect(await refusal(get({ VersionId: versions[0], VersionStage: 'AWSPREVIOUS' }))).toBe(
      'ResourceNotFoundException',
    );
    expect(await refusal(get({ SecretId: 'kt/other' }))).toBe('ResourceNotFoundException');
    const west = cloud.open(SecretsManagerClient, 'us-west-2');
    expect(await refusal(west.send(new GetSecretValueCommand({ SecretId: 'kt/keys' })))).toBe(
      'ResourceNotFoundException',
    );
  });

  test('refuses what is not modelled', async () => {
    const VersionStages = ['MINE'];
    await create();
    const call = new PutSecretValueCommand({ SecretId: 'kt/keys', SecretString: 'two', VersionStages });
    expect(await refusal(client().send(call))).toBe('ValidationException');
  });
});

describe('CloudWatch Logs', () => {
  const find = (more: object = {}) =>
    cloud
      .open(CloudWatchLogsClient)
      .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/kt-track', filterPattern: 'wanted', ...more }));

  test('finds lines of one group, page by page, each once', async () => {
    for (let number = 0; number < 7; number += 1) cloud.log('kt-track', `wanted ${number}`);
    cloud.log('kt-track', 'something else');
    cloud.log('kt-store', 'wanted elsewhere');
    const messages: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await find({ limit: 3, nextToken });
      expect(page.events?.length).toBeLessThanOrEqual(3);
      messages.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(messages).toEqual(Array.from({ length: 7 }, (_, number) => `wanted ${number}`));
  });

  test('finds those of a time, both ends with it', async () => {
    for (const atMs of [1_000, 2_000, 3_000, 4_000]) {
      cloud.setTime(atMs);
      cloud.log('kt-track', `wanted at ${atMs}`);
    }
    const { events } = await find({ startTime: 2_000, endTime: 3_000 });
    expect(events?.map(({ timestamp }) => timestamp)).toEqual([2_000, 3_000]);
  });

  test('an empty page is not the last one', async () => {
    for (let number = 0; number < 20_001; number += 1) cloud.log('kt-track', 'noise');
    cloud.log('kt-track', 'wanted');
    const first = await find();
    expect(first.events).toEqual([]);
    expect((await find({ nextToken: first.nextToken })).events).toHaveLength(1);
  });

  test('knows no other group', async () => {
    expect(await refusal(find({ logGroupName: '/aws/lambda/other' }))).toBe('ResourceNotFoundException');
  });
});

describe('Lambda', () => {
  const client = () => cloud.open(LambdaClient);

  test('tells how a function is configured, as it is and behind its alias', async () => {
    for (const Qualifier of [undefined, 'live']) {
      const command = new GetFunctionConfigurationCommand({ FunctionName: 'kt-track', Qualifier });
      expect(await client().send(command)).toMatchObject({
        ...{ Runtime: 'nodejs24.x', Timeout: 10, MemorySize: 512, Environment: { Variables: { PEER_REGION: 'x' } } },
      });
    }
  });

  test('knows no other function and no other alias', async () => {
    const other = new GetFunctionConfigurationCommand({ FunctionName: 'other' });
    expect(await refusal(client().send(other))).toBe('ResourceNotFoundException');
    const alias = new GetFunctionConfigurationCommand({ FunctionName: 'kt-track', Qualifier: 'beta' });
    expect(await refusal(client().send(alias))).toBe('ResourceNotFoundException');
  });

  test('tells how much may run at once, and what of it a function has reserved', async () => {
    const { AccountLimit } = await client().send(new GetAccountSettingsCommand({}));
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 980 });
    const reserved = (FunctionName: string) => client().send(new GetFunctionConcurrencyCommand({ FunctionName }));
    expect((await reserved('kt-store')).ReservedConcurrentExecutions).toBe(20);
    expect((await reserved('kt-track')).ReservedConcurrentExecutions).toBeUndefined();
    expect(await refusal(reserved('other'))).toBe('ResourceNotFoundException');
  });

  describe('invokes a function', () => {
    const arn = `arn:aws:lambda:us-east-1:${account}:function:kt-track`;
    const invoke = (more: Partial<InvokeCommandInput> = {}) =>
      client().send(new InvokeCommand({ FunctionName: 'kt-track', Payload: '{"task":"hours"}', ...more }));

    test('and answers what it answered', async () => {
      cloud.invocations.endings.push({ kind: 'done', payload: '{"hours":1}' });
      const answer = await invoke();
      expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
      expect([answer.FunctionError, answer.Payload?.transformToString()]).toEqual([undefined, '{"hours":1}']);
      expect(cloud.invocations.payloads).toEqual([`${arn} {"task":"hours"}`]);
    });

    test('by its ARN, by its alias, and without a payload', async () => {
      await invoke({ FunctionName: arn });
      expect(await invoke({ FunctionName: 'kt-track:live' })).toMatchObject({ ExecutedVersion: '1' });
      await client().send(new InvokeCommand({ FunctionName: 'kt-track', Qualifier: 'live' }));
      expect(cloud.invocations.payloads).toEqual([`${arn} {"task":"hours"}`, `${arn} {"task":"hours"}`, `${arn} {}`]);
    });

    test('and tells in a header that it failed, in the payload why', async () => {
      const error = { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 3.00 seconds' };
      cloud.invocations.endings.push({ kind: 'failed', error });
      const answer = await invoke();
      expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
      expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject(error);
    });

    test('but none that is busy with all that it may run at once, and none that is not there', async () => {
      cloud.invocations.endings.push({ kind: 'throttled' });
      expect(await refusal(invoke())).toBe('TooManyRequestsException');
      expect(await refusal(invoke({ FunctionName: 'other' }))).toBe('ResourceNotFoundException');
    });

    // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    test('with up to 6 MB', async () => {
      const invokeWith = (bytes: number) => invoke({ Payload: JSON.stringify('x'.repeat(bytes - 2)) });
      await invokeWith(6_291_456);
      expect(await refusal(invokeWith(6_291_457))).toBe('RequestTooLargeException');
      expect(cloud.invocations.payloads).toHaveLength(1);
    });

    test('but with nothing that is no JSON, not without waiting, and without the tail of its log', async () => {
      expect(await refusal(invoke({ Payload: '{' }))).toBe('InvalidRequestContentException');
      expect(await refusal(invoke({ InvocationType: 'Event' }))).toBe('InvalidParameterValueException');
      expect(await refusal(invoke({ LogType: 'Tail' }))).toBe('InvalidParameterValueException');
      expect(cloud.invocations.payloads).toEqual([]);
    });
  });
});

describe('CloudWatch', () => {
  const ask = (QueueName: string, endMs: number, MetricName = 'ApproximateAgeOfOldestMessage') =>
    cloud.open(CloudWatchClient).send(
      new GetMetricDataCommand({
        StartTime: new Date(endMs - 300_000),
        EndTime: new Date(endMs),
        MetricDataQueries: [
          {
            Id: 'age',
            MetricStat: {
              Metric: { Namespace: 'AWS/SQS', MetricName, Dimensions: [{ Name: 'QueueName', Value: QueueName }] },
              Period: 60,
              Stat: 'Maximum',
            },
          },
        ],
      }),
    );

  test('tells the age of the oldest message, of now', async () => {
    cloud.setTime(600_000);
    cloud.queue.send({ body: 'one' });
    cloud.setTime(690_000);
    const { MetricDataResults } = await ask('kt-intake', 690_000);
    expect(MetricDataResults).toEqual([
      expect.objectContaining({ Id: 'age', Values: [90], Timestamps: [new Date(660_000)], StatusCode: 'Complete' }),
    ]);
    const visible = await ask('kt-intake', 690_000, 'ApproximateNumberOfMessagesVisible');
    expect(visible.MetricDataResults?.[0]?.Values).toEqual([1]);
  });

  test('has no values of a queue that is not there, nor of the past', async () => {
    cloud.setTime(900_000);
    expect((await ask('other', 900_000)).MetricDataResults?.[0]?.Values).toEqual([]);
    expect((await ask('kt-intake', 600_000)).MetricDataResults?.[0]?.Values).toEqual([]);
  });

  test('tells what functions counted, and nothing of what nobody counted', async () => {
    cloud.setTime(90_000);
    const directive = {
      CloudWatchMetrics: [{ Dimensions: [[]], Metrics: [{ Name: 'TokensOverHttp', Unit: 'Count' }] }],
    };
    cloud.log('kt-track', JSON.stringify({ _aws: directive, TokensOverHttp: 2 }));
    const counted = async (MetricName: string) => {
      const Metric = { Namespace: 'Keeptrack/kt', MetricName };
      const { MetricDataResults } = await cloud.open(CloudWatchClient).send(
        new GetMetricDataCommand({
          StartTime: new Date(0),
          EndTime: new Date(90_000),
          MetricDataQueries: [{ Id: 'sum', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
        }),
      );
      return MetricDataResults?.[0]?.Values;
    };
    expect([await counted('TokensOverHttp'), await counted('Unconfirmed')]).toEqual([[2], []]);
  });

  test('refuses a metric that is not modelled', async () => {
    expect(await refusal(ask('kt-intake', 0, 'SentMessageSize'))).toContain('Validation');
  });
});

describe('Certificate Manager', () => {
  test('has an issued certificate for each domain name', async () => {
    const client = cloud.open(ACMClient);
    const { CertificateSummaryList = [] } = await client.send(new ListCertificatesCommand({}));
    expect(CertificateSummaryList.map(({ DomainName }) => DomainName)).toEqual(['go.example.com']);
    const { CertificateArn } = CertificateSummaryList[0] ?? {};
    const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
    expect(Certificate).toMatchObject({ Status: 'ISSUED', NotAfter: expect.any(Date) });
    const other = new DescribeCertificateCommand({ CertificateArn: `${CertificateArn}0` });
    expect(await refusal(client.send(other))).toBe('ResourceNotFoundException');
  });
});

describe('the configuration of a bucket', () => {
  test('is the one of its template', async () => {
    const client = cloud.open(S3Client);
    const Bucket = 'kt-log';
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
    const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      'AES256',
    );
    const { PublicAccessBlockConfiguration } = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: true });
    const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules).toMatchObject([{ ID: 'expire', Filter: { Prefix: 'log/' }, Expiration: { Days: 30 } }]);
  });

  test('that a template leaves out is not there', async () => {
    const client = cloud.open(S3Client);
    const Bucket = 'kt-plain';
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect(await refusal(client.send(new GetPublicAccessBlockCommand({ Bucket })))).toBe(
      'NoSuchPublicAccessBlockConfiguration',
    );
    expect(await refusal(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
      'NoSuchLifecycleConfiguration',
    );
  });
});

test('a region that is dead answers no operator either', async () => {
  cloud.faults.add({ region: 'us-east-1', service: 'region', effect: 'error', status: 503 });
  const call = new GetSecretValueCommand({ SecretId: 'kt/keys' });
  expect(await refusal(cloud.open(SecretsManagerClient).send(call))).toBe('ServiceUnavailable');
  expect(await refusal(cloud.open(SecretsManagerClient, 'us-west-2').send(call))).toBe('ResourceNotFoundException');
});
