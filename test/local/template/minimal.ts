import { readTemplate } from '../../../local/template/read-template.ts';
import type { RegionTemplate } from '../../../local/template/region-template.ts';

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  [key: string]: unknown;
}

export interface MinimalTemplate {
  Resources: Record<string, Resource>;
  [section: string]: unknown;
}

const place = { stackName: 'Small-us-east-1', region: 'us-east-1', account: '111122223333' };

/** One of everything: a function that is invoked by a queue, a schedule and an API. Each call gives a fresh one. */
export function minimalTemplate(): MinimalTemplate {
  return {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'small-queue', VisibilityTimeout: 30 } },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'small-bucket' } },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/lambda/small' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policy({
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'lambda.amazonaws.com' },
          }),
          Policies: [{ PolicyName: 'Inline', PolicyDocument: policy(...rights) }],
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'small',
          Code: { S3Bucket: 'assets', S3Key: 'bundle.zip' },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Timeout: 30,
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Function' } },
      },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(5 minutes)',
          Targets: [{ Id: 'Target', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, Input: '{"task":"count"}' }],
        },
      },
      RulePermission: permission('events.amazonaws.com', { 'Fn::GetAtt': ['Rule', 'Arn'] }),
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'small', ProtocolType: 'HTTP' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
      },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Api' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
          PayloadFormatVersion: '2.0',
        },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          RouteKey: 'GET /count',
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
        },
      },
      ApiPermission: permission('apigateway.amazonaws.com', {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
        'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/count',
      }),
    },
  };
}

/** The template after `change` was made to it. */
export function changed(change: (resources: MinimalTemplate['Resources'], template: MinimalTemplate) => void) {
  const template = minimalTemplate();
  change(template.Resources, template);
  return template;
}

export function propertiesOf(resources: MinimalTemplate['Resources'], logicalId: string): Record<string, unknown> {
  const resource = resources[logicalId];
  if (resource === undefined) throw new Error(`no ${logicalId}`);
  return resource.Properties;
}

export function read(template: unknown): RegionTemplate {
  const result = attempt(template);
  if (result.kind === 'refused') throw new Error(result.problems.join('\n'));
  return result.template;
}

/** Every problem the reader has with the template; none means that it was read. */
export function problemsOf(template: unknown): readonly string[] {
  const result = attempt(template);
  return result.kind === 'refused' ? result.problems : [];
}

function attempt(template: unknown) {
  const assetDirectory = (key: string) => (key === 'bundle.zip' ? '/assembly/bundle' : undefined);
  return readTemplate({ place, template, assetDirectory }, (name, key) => `${key} of ${name}`);
}

export function policy(...statements: unknown[]) {
  return { Version: '2012-10-17', Statement: statements };
}

const rights = [
  {
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
  },
  {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: { 'Fn::GetAtt': ['Logs', 'Arn'] },
  },
];

export function permission(principal: string, sourceArn: unknown): Resource {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'Function' },
      Principal: principal,
      SourceArn: sourceArn,
    },
  };
}
