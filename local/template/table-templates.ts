import type { TableKeyAttribute, TableKeyTemplate, TableTemplate } from './region-template.ts';
import type { Stack } from './stack.ts';
import { type TableProperties, tableType } from './table-type.ts';

export function readTables(stack: Stack): TableTemplate[] {
  return stack.all(tableType).map(({ logicalId, properties }) => {
    for (const problem of problemsOf(properties)) stack.refuse(logicalId, problem);
    return {
      logicalId,
      name: properties.TableName,
      arn: stack.arn(logicalId),
      key: keyOf(properties),
      ...(properties.TimeToLiveSpecification && {
        timeToLiveAttribute: properties.TimeToLiveSpecification.AttributeName,
      }),
      hasPointInTimeRecovery: properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
      isDeletionProtected: properties.DeletionProtectionEnabled,
    };
  });
}

function keyOf({ KeySchema, AttributeDefinitions }: TableProperties): TableKeyTemplate {
  const attributeAs = (keyType: 'HASH' | 'RANGE'): TableKeyAttribute | undefined => {
    const name = KeySchema.find((one) => one.KeyType === keyType)?.AttributeName;
    const defined = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    return defined && { name: defined.AttributeName, type: defined.AttributeType };
  };
  const sort = attributeAs('RANGE');
  // A missing partition key is refused below, with its name.
  return { partition: attributeAs('HASH') ?? { name: '', type: 'S' }, ...(sort && { sort }) };
}

/** AWS refuses keys without a defined attribute, and defined attributes that no key uses. */
function problemsOf({ KeySchema, AttributeDefinitions }: TableProperties): string[] {
  const used = new Set(KeySchema.map(({ AttributeName }) => AttributeName));
  const defined = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  return [
    ...orderProblem(KeySchema),
    ...[...used].filter((name) => !defined.has(name)).map((name) => `AttributeDefinitions: the key ${name} is missing`),
    ...[...defined].filter((name) => !used.has(name)).map((name) => `AttributeDefinitions: ${name} is no key`),
  ];
}

function orderProblem([first, second]: TableProperties['KeySchema']): string[] {
  const isOrdered = first?.KeyType === 'HASH' && (second === undefined || second.KeyType === 'RANGE');
  return isOrdered ? [] : ['KeySchema: must be a HASH key, and a RANGE key after it if there is one'];
}
