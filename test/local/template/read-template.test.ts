import { describe, expect, test } from 'vitest';
import { changed, minimalTemplate, policy, problemsOf, propertiesOf, read } from './minimal.ts';

const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:small';
const queueArn = 'arn:aws:sqs:us-east-1:111122223333:small-queue';

describe('a template that is known in every part', () => {
  test('gives functions with their bundle, bounds and rights', () => {
    const [found] = read(minimalTemplate()).functions;
    expect(found).toMatchObject({
      name: 'small',
      arn: functionArn,
      codeDirectory: '/assembly/bundle',
      handler: 'index.handler',
      environment: {},
      memoryMegabytes: 128,
      timeoutSeconds: 30,
    });
    expect(found?.policy).toContainEqual({
      effect: 'Allow',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [queueArn],
    });
  });

  test('gives queues with what AWS assumes where the template is silent', () => {
    expect(read(minimalTemplate()).queues).toEqual([
      {
        logicalId: 'Queue',
        name: 'small-queue',
        arn: queueArn,
        visibilityTimeoutSeconds: 30,
        retentionSeconds: 345_600,
        receiveWaitSeconds: 0,
        delaySeconds: 0,
        messageBytesMax: 1_048_576,
      },
    ]);
  });

  test('gives the mapping, the schedule, the route and the bucket', () => {
    const template = read(minimalTemplate());
    expect(template.mappings).toEqual([
      { logicalId: 'Mapping', queueArn, functionArn, batchSize: 10, windowSeconds: 0, reportsItemFailures: false },
    ]);
    expect(template.schedules).toEqual([
      { logicalId: 'Rule', functionArn, intervalSeconds: 300, input: '{"task":"count"}' },
    ]);
    expect(template.apis).toEqual([
      { logicalId: 'Api', name: 'small', id: 'api', routes: [{ key: 'GET /count', functionArn }] },
    ]);
    expect(template.buckets).toEqual([
      {
        logicalId: 'Bucket',
        name: 'small-bucket',
        arn: 'arn:aws:s3:::small-bucket',
        versioned: false,
        configuration: expect.anything(),
      },
    ]);
  });

  test('gives the throttle of the stage that serves an API', () => {
    const throttled = changed((resources) => {
      propertiesOf(resources, 'Stage')['DefaultRouteSettings'] = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 10 };
    });
    expect(read(throttled).apis).toMatchObject([{ throttle: { requestsPerSecond: 20, burst: 10 } }]);
  });

  test('gives outputs with their functions resolved', () => {
    const template = changed((_, whole) => {
      whole['Outputs'] = {
        Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
        Queue: { Value: { Ref: 'Queue' } },
      };
    });
    expect(read(template).outputs).toEqual({
      Url: 'https://api.execute-api.us-east-1.amazonaws.com',
      Queue: 'https://sqs.us-east-1.amazonaws.com/111122223333/small-queue',
    });
  });

  test('reads a redrive policy whose target stands in the template', () => {
    const template = changed((resources) => {
      resources['Dead'] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'small-dead' } };
      propertiesOf(resources, 'Queue')['RedrivePolicy'] = {
        deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] },
        maxReceiveCount: 7,
      };
    });
    expect(read(template).queues[0]?.redrive).toEqual({
      deadLetterArn: 'arn:aws:sqs:us-east-1:111122223333:small-dead',
      receiveCountMax: 7,
    });
  });

  test('adds what a policy beside the role grants', () => {
    const template = changed((resources) => {
      resources['Policy'] = {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'Beside',
          PolicyDocument: policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::small-bucket/*' }),
          Roles: [{ Ref: 'Role' }],
        },
      };
    });
    expect(read(template).functions[0]?.policy).toContainEqual({
      effect: 'Allow',
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::small-bucket/*'],
    });
  });

  test('lets order of creation, deletion policies and the bootstrap check pass', () => {
    const template = changed((resources, whole) => {
      resources['Queue'] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'small-queue' }, DependsOn: ['Bucket'] };
      resources['Bucket'] = {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'small-bucket' },
        DeletionPolicy: 'Retain',
      };
      whole['Parameters'] = { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>' } };
      whole['Rules'] = { CheckBootstrapVersion: {} };
    });
    expect(problemsOf(template)).toEqual([]);
  });

  test('takes a resource policy that denies what is not encrypted', () => {
    const template = changed((resources) => {
      resources['BucketPolicy'] = {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: policy(deniesUnencrypted) },
      };
    });
    expect(problemsOf(template)).toEqual([]);
  });
});

describe('what the local cloud does not know', () => {
  const cases: readonly [string, Parameters<typeof changed>[0], string][] = [
    [
      'a resource type',
      (resources) => {
        resources['Table'] = { Type: 'AWS::Kinesis::Stream', Properties: {} };
      },
      'Small-us-east-1: Table (AWS::Kinesis::Stream): the local cloud does not know this resource type',
    ],
    [
      'a property',
      (resources) => {
        propertiesOf(resources, 'Queue')['FifoQueue'] = true;
      },
      'Small-us-east-1: Queue (AWS::SQS::Queue): FifoQueue: the local cloud does not know it',
    ],
    [
      'a nested property',
      (resources) => {
        propertiesOf(resources, 'Function')['Code'] = { S3Bucket: 'assets', S3Key: 'bundle.zip', S3ObjectVersion: '1' };
      },
      'Small-us-east-1: Function (AWS::Lambda::Function): Code.S3ObjectVersion: the local cloud does not know it',
    ],
    [
      'an intrinsic function',
      (resources) => {
        propertiesOf(resources, 'Queue')['VisibilityTimeout'] = { 'Fn::ImportValue': 'elsewhere' };
      },
      'Small-us-east-1: Queue (AWS::SQS::Queue): VisibilityTimeout: the local cloud does not know the function Fn::ImportValue',
    ],
    [
      'a reference to nothing',
      (resources) => {
        propertiesOf(resources, 'Mapping')['FunctionName'] = { Ref: 'Missing' };
      },
      'Small-us-east-1: Mapping (AWS::Lambda::EventSourceMapping): a reference to Missing, which is not in the template',
    ],
    [
      'an attribute',
      (resources) => {
        propertiesOf(resources, 'Mapping')['EventSourceArn'] = { 'Fn::GetAtt': ['Queue', 'Length'] };
      },
      'Small-us-east-1: Mapping (AWS::Lambda::EventSourceMapping): the local cloud does not know the attribute Queue.Length',
    ],
    [
      'a condition on a resource',
      (resources) => {
        resources['Queue'] = {
          Type: 'AWS::SQS::Queue',
          Properties: { QueueName: 'small-queue' },
          Condition: 'IsLarge',
        };
      },
      'Small-us-east-1: Resources.Queue.Condition: the local cloud does not know it',
    ],
    [
      'a section',
      (_, template) => {
        template['Mappings'] = {};
      },
      'Small-us-east-1: Mappings: the local cloud does not know it',
    ],
    [
      'a parameter',
      (_, template) => {
        template['Parameters'] = { Size: { Type: 'String' } };
      },
      'Small-us-east-1: Parameters.Size: the local cloud does not know it',
    ],
    [
      'another runtime',
      (resources) => {
        propertiesOf(resources, 'Function')['Runtime'] = 'python3.14';
      },
      'Small-us-east-1: Function (AWS::Lambda::Function): Runtime: the local cloud runs Node.js functions only',
    ],
    [
      'a schedule by cron',
      (resources) => {
        propertiesOf(resources, 'Rule')['ScheduleExpression'] = 'cron(0 12 * * ? *)';
      },
      'Small-us-east-1: Rule (AWS::Events::Rule): ScheduleExpression: the local cloud knows rates only, not cron(0 12 * * ? *)',
    ],
    [
      'a managed policy',
      (resources) => {
        propertiesOf(resources, 'Role')['ManagedPolicyArns'] = ['arn:aws:iam::aws:policy/AdministratorAccess'];
      },
      'Small-us-east-1: Role (AWS::IAM::Role): ManagedPolicyArns: the local cloud does not know it',
    ],
    [
      'a condition in a grant',
      (resources) => {
        const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { Bool: {} } };
        propertiesOf(resources, 'Role')['Policies'] = [{ PolicyName: 'Inline', PolicyDocument: policy(statement) }];
      },
      'Small-us-east-1: Role (AWS::IAM::Role): Policies.0.PolicyDocument.Statement.0.Condition: the local cloud does not know it',
    ],
  ];

  test.each(cases)('%s is refused by name', (_, change, problem) => {
    expect(problemsOf(changed(change))).toEqual([problem]);
  });

  test('is told all at once', () => {
    const template = changed((resources) => {
      propertiesOf(resources, 'Queue')['FifoQueue'] = true;
      propertiesOf(resources, 'Bucket')['WebsiteConfiguration'] = {};
      resources['Table'] = { Type: 'AWS::Kinesis::Stream', Properties: {} };
    });
    expect(problemsOf(template)).toHaveLength(3);
  });

  test('includes a resource policy that says more than that calls must be encrypted', () => {
    const document = policy({ ...deniesUnencrypted, Effect: 'Allow' });
    const template = changed((resources) => {
      resources['BucketPolicy'] = {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: document },
      };
    });
    expect(problemsOf(template)).toEqual([expect.stringContaining('PolicyDocument.Statement.0.Effect')]);
  });

  test('includes a physical name that AWS would choose', () => {
    const template = changed((resources) => {
      delete propertiesOf(resources, 'Queue')['QueueName'];
    });
    expect(problemsOf(template).join()).toContain('QueueName is missing');
  });
});

const deniesUnencrypted = {
  Effect: 'Deny',
  Action: 's3:*',
  Principal: { AWS: '*' },
  Resource: 'arn:aws:s3:::small-bucket',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

describe('what AWS would refuse, or silently not do', () => {
  const cases: readonly [string, Parameters<typeof changed>[0], string][] = [
    [
      'a schedule without permission',
      (resources) => delete resources['RulePermission'],
      'lets events.amazonaws.com invoke small',
    ],
    [
      'a route without permission',
      (resources) => delete resources['ApiPermission'],
      'lets apigateway.amazonaws.com invoke small',
    ],
    [
      'a permission for another route',
      (resources) => {
        propertiesOf(resources, 'ApiPermission')['SourceArn'] =
          'arn:aws:execute-api:us-east-1:111122223333:api/*/POST/count';
      },
      'lets apigateway.amazonaws.com invoke small',
    ],
    ['an API without a stage', (resources) => delete resources['Stage'], 'no AWS::ApiGatewayV2::Stage serves it'],
    [
      'a route to an integration that is not there',
      (resources) => {
        propertiesOf(resources, 'Route')['Target'] = 'integrations/other';
      },
      'Target: no function in the template belongs to integrations/other',
    ],
    [
      'a mapping whose function may not receive',
      (resources) => {
        const logs = { Effect: 'Allow', Action: 'logs:*', Resource: { 'Fn::GetAtt': ['Logs', 'Arn'] } };
        propertiesOf(resources, 'Role')['Policies'] = [{ PolicyName: 'Inline', PolicyDocument: policy(logs) }];
      },
      'the role of small does not allow sqs:ReceiveMessage on small-queue',
    ],
    [
      'a queue that shows its messages again while the function still runs',
      (resources) => {
        propertiesOf(resources, 'Queue')['VisibilityTimeout'] = 29;
      },
      'visibility time-out of small-queue (29 s) is shorter than the time-out of small (30 s)',
    ],
    [
      'a large batch without a window',
      (resources) => {
        propertiesOf(resources, 'Mapping')['BatchSize'] = 11;
      },
      'MaximumBatchingWindowInSeconds: must be at least 1',
    ],
    [
      'a mapping to a queue of another region',
      (resources) => {
        propertiesOf(resources, 'Mapping')['EventSourceArn'] = queueArn.replace('us-east-1', 'us-west-2');
      },
      'EventSourceArn: no arn:aws:sqs:us-west-2:111122223333:small-queue in the template',
    ],
    [
      'a redrive policy that leads nowhere',
      (resources) => {
        propertiesOf(resources, 'Queue')['RedrivePolicy'] = { deadLetterTargetArn: 'arn:none', maxReceiveCount: 3 };
      },
      'RedrivePolicy: there is no queue arn:none',
    ],
    [
      'a role that Lambda may not assume',
      (resources) => {
        const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } };
        propertiesOf(resources, 'Role')['AssumeRolePolicyDocument'] = policy(statement);
      },
      'Role: Lambda may not assume it',
    ],
    [
      'a function whose log goes nowhere',
      (resources) => {
        propertiesOf(resources, 'Logs')['LogGroupName'] = '/aws/lambda/other';
      },
      'LoggingConfig: the log group /aws/lambda/small is not in the template',
    ],
    [
      'a function that may not write its log',
      (resources) => {
        propertiesOf(resources, 'Function')['LoggingConfig'] = { LogGroup: 'elsewhere' };
        resources['Elsewhere'] = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'elsewhere' } };
      },
      'Role: does not allow logs:PutLogEvents on elsewhere',
    ],
    [
      'code that is not in the assembly',
      (resources) => {
        propertiesOf(resources, 'Function')['Code'] = { S3Bucket: 'assets', S3Key: 'lost.zip' };
      },
      'Code: the assembly has no such asset',
    ],
    [
      'more variables than a function can have',
      (resources) => {
        propertiesOf(resources, 'Function')['Environment'] = { Variables: { LONG: 'x'.repeat(4_100) } };
      },
      'Environment: 4111 bytes of variables, and Lambda takes 4,096',
    ],
    [
      'a rate in the wrong number',
      (resources) => {
        propertiesOf(resources, 'Rule')['ScheduleExpression'] = 'rate(1 minutes)';
      },
      'not rate(1 minutes)',
    ],
    [
      'a schedule that aims at nothing',
      (resources) => {
        propertiesOf(resources, 'Rule')['Targets'] = [{ Id: 'Target', Arn: 'arn:none', Input: '{}' }];
      },
      'Targets: there is no function arn:none',
    ],
  ];

  test.each(cases)('%s is refused', (_, change, problem) => {
    expect(problemsOf(changed(change))).toContainEqual(expect.stringContaining(problem));
  });
});
