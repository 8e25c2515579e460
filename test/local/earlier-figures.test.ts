import { expect, test } from 'vitest';
import { withoutFigures } from '../../local/earlier-figures.ts';

const allow = { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } };
const deny = { Effect: 'Deny', Principal: '*' };
const key = (name: string) => ({ AttributeName: name, AttributeType: 'S' });

const resources = {
  Stats: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'keeptrack-stats' } },
  Store: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'keeptrack-store' } },
  Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { 'Fn::GetAtt': ['Stats', 'Arn'] } } },
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Alias' } } },
  OtherMapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'Store' } } },
  Log: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'log', NotificationConfiguration: {} } },
  Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: { Statement: [deny, allow] } } },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [key('pk'), key('list')],
      GlobalSecondaryIndexes: [{}],
    },
  },
};

test('an earlier release loses what made its figures and all that refers to that, and nothing else', () => {
  const { Store, OtherMapping, Log, Policy, Table, ...others } = withoutFigures(resources);
  expect(others).toEqual({});
  expect([Store, OtherMapping]).toEqual([resources.Store, resources.OtherMapping]);
  expect(Log?.Properties).toEqual({ BucketName: 'log' });
  expect(Policy?.Properties).toEqual({ PolicyDocument: { Statement: [deny] } });
  const { KeySchema } = resources.Table.Properties;
  expect(Table?.Properties).toEqual({ KeySchema, AttributeDefinitions: [key('pk')] });
});
