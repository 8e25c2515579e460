import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { TableItem, TableKey, TableTest, TableValue, TableWrite } from '../../core/ports.ts';

/**
 * The port's writes in DynamoDB's words. All names and values are placeholders, because DynamoDB has reserved words.
 */

type Attributes = Record<string, AttributeValue>;

function attributeOf(value: TableValue): AttributeValue {
  return typeof value === 'string' ? { S: value } : { N: `${value}` };
}

/** `attributes`: values as DynamoDB's API writes them. Types that we never write (binaries, lists, …) are left out. */
export function itemOf(attributes: Readonly<Record<string, object>>): TableItem {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]) => {
      const value = plainOf(attribute);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function plainOf(attribute: object): TableValue | undefined {
  const { S, N }: { S?: string; N?: string } = attribute;
  if (S !== undefined) return S;
  return N !== undefined && /^-?\d+$/.test(N) ? BigInt(N) : undefined;
}

export function keyOf({ pk, sk }: TableKey) {
  return { pk: { S: pk }, sk: { S: sk } };
}

export function updateOf(table: string, { key, set, when = [] }: TableWrite): UpdateItemCommandInput {
  const words = new Words();
  const sets = Object.entries(set).map(([name, value]) => `${words.name(name)} = ${words.value(value)}`);
  const tests = when.map((test) => testOf(test, words));
  return {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression: `SET ${sets.join(', ')}`,
    ...(tests.length > 0 && { ConditionExpression: tests.join(' OR ') }),
    ExpressionAttributeNames: words.names,
    ExpressionAttributeValues: words.values,
  };
}

function testOf(test: TableTest, words: Words): string {
  const name = words.name(test.attribute);
  return test.is === 'absent' ? `attribute_not_exists(${name})` : `${name} = ${words.value(test.value)}`;
}

/** Placeholders of one call. Each name gets one, and each value one of its own. */
class Words {
  readonly names: Record<string, string> = {};
  readonly values: Attributes = {};

  name(name: string): string {
    const known = Object.entries(this.names).find(([, one]) => one === name)?.[0];
    const placeholder = known ?? `#n${Object.keys(this.names).length}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  value(value: TableValue): string {
    const placeholder = `:v${Object.keys(this.values).length}`;
    this.values[placeholder] = attributeOf(value);
    return placeholder;
  }
}
