import { describe, expect, test } from 'vitest';
import { changed, policy, problemsOf, propertiesOf, read } from './minimal.ts';

const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' });
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' });

const figures = {
  TableName: 'small-figures',
  AttributeDefinitions: [text('pk'), text('sk')],
  KeySchema: [hash('pk'), range('sk')],
  BillingMode: 'PAY_PER_REQUEST',
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  DeletionProtectionEnabled: true,
};

const withTable = (properties: object) =>
  changed((resources) => {
    resources['Table'] = { Type: 'AWS::DynamoDB::Table', Properties: { ...figures, ...properties } };
  });

const arn = 'arn:aws:dynamodb:us-east-1:111122223333:table/small-figures';

describe('a table', () => {
  test('is read with its keys and what protects it', () => {
    expect(read(withTable({})).tables).toEqual([
      {
        logicalId: 'Table',
        name: 'small-figures',
        arn,
        key: { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } },
        timeToLiveAttribute: 'expires_at',
        hasPointInTimeRecovery: true,
        isDeletionProtected: true,
      },
    ]);
  });

  test('is unprotected, and keeps its items, unless it says otherwise', () => {
    const { TimeToLiveSpecification: _, PointInTimeRecoverySpecification: __, ...plain } = figures;
    const template = changed((resources) => {
      resources['Table'] = { Type: 'AWS::DynamoDB::Table', Properties: { ...plain, DeletionProtectionEnabled: false } };
    });
    const [table] = read(template).tables;
    expect([table?.timeToLiveAttribute, table?.hasPointInTimeRecovery, table?.isDeletionProtected]).toEqual([
      undefined,
      false,
      false,
    ]);
  });

  test('can be named in policies and in environments', () => {
    const template = changed((resources) => {
      resources['Table'] = { Type: 'AWS::DynamoDB::Table', Properties: figures };
      resources['Right'] = {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'Right',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: policy({
            Effect: 'Allow',
            Action: 'dynamodb:UpdateItem',
            Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
          }),
        },
      };
      propertiesOf(resources, 'Function')['Environment'] = { Variables: { TABLE: { Ref: 'Table' } } };
    });
    const [one] = read(template).functions;
    expect(one?.environment).toMatchObject({ TABLE: 'small-figures' });
    expect(one?.policy).toContainEqual({ effect: 'Allow', actions: ['dynamodb:UpdateItem'], resources: [arn] });
  });

  test.each([
    ['a capacity of its own', { BillingMode: 'PROVISIONED' }, 'BillingMode'],
    ['a stream', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, 'StreamSpecification'],
    ['a local index', { LocalSecondaryIndexes: [] }, 'LocalSecondaryIndexes'],
    ['a key that is not defined', { KeySchema: [hash('id')] }, 'AttributeDefinitions: the key id is missing'],
    ['a definition that is no key', { KeySchema: [hash('pk')] }, 'AttributeDefinitions: sk is no key'],
    ['a global index', { GlobalSecondaryIndexes: [] }, 'GlobalSecondaryIndexes'],
    ['its keys in the wrong order', { KeySchema: [range('sk'), hash('pk')] }, 'KeySchema: must be a HASH key'],
  ])('with %s is refused', (_, properties, problem) => {
    expect(problemsOf(withTable(properties)).join('\n')).toContain(problem);
  });
});
