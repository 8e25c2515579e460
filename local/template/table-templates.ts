import type { TableIndex, TableKeyAttribute, TableKeyTemplate, TableTemplate } from './region-template.ts';
import type { Stack } from './stack.ts';
import { type KeyProperties, type TableProperties, tableType } from './table-type.ts';

export function readTables(stack: Stack): TableTemplate[] {
  return stack.all(tableType).map(({ logicalId, properties }) => {
    for (const problem of problemsOf(properties)) stack.refuse(logicalId, problem);
    return {
      logicalId,
      name: properties.TableName,
      arn: stack.arn(logicalId),
      key: keyOf(properties.KeySchema, properties),
      indexes: properties.GlobalSecondaryIndexes.map((index) => indexOf(index, properties)),
      ...(properties.TimeToLiveSpecification && {
        timeToLiveAttribute: properties.TimeToLiveSpecification.AttributeName,
      }),
      hasPointInTimeRecovery: properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
      isDeletionProtected: properties.DeletionProtectionEnabled,
    };
  });
}

function indexOf(
  { IndexName, KeySchema, Projection }: TableProperties['GlobalSecondaryIndexes'][number],
  properties: TableProperties,
): TableIndex {
  return {
    name: IndexName,
    key: keyOf(KeySchema, properties),
    projected: Projection.ProjectionType === 'ALL' ? 'all' : Projection.NonKeyAttributes,
  };
}

function keyOf(schema: KeyProperties, { AttributeDefinitions }: TableProperties): TableKeyTemplate {
  const attributeAs = (keyType: 'HASH' | 'RANGE'): TableKeyAttribute | undefined => {
    const name = schema.find((one) => one.KeyType === keyType)?.AttributeName;
    const defined = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    return defined && { name: defined.AttributeName, type: defined.AttributeType };
  };
  const sort = attributeAs('RANGE');
  // A missing partition key is refused below, with its name.
  return { partition: attributeAs('HASH') ?? { name: '', type: 'S' }, ...(sort && { sort }) };
}

/** AWS refuses keys without a defined attribute, and defined attributes that no key uses. */
function problemsOf({ KeySchema, GlobalSecondaryIndexes, AttributeDefinitions }: TableProperties): string[] {
  const schemas = [KeySchema, ...GlobalSecondaryIndexes.map((index) => index.KeySchema)];
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  const defined = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  return [
    ...schemas.flatMap(orderProblem),
    ...[...used].filter((name) => !defined.has(name)).map((name) => `AttributeDefinitions: the key ${name} is missing`),
    ...[...defined].filter((name) => !used.has(name)).map((name) => `AttributeDefinitions: ${name} is no key`),
  ];
}

function orderProblem([first, second]: KeyProperties): string[] {
  const isOrdered = first?.KeyType === 'HASH' && (second === undefined || second.KeyType === 'RANGE');
  return isOrdered ? [] : ['KeySchema: must be a HASH key, and a RANGE key after it if there is one'];
}
