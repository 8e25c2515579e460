import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type {
  TableItem,
  TableKey,
  TablePut,
  TableTest,
  TableUpdate,
  TableValue,
  TableWrite,
} from '../../core/ports.ts';

/**
 * The port's writes in DynamoDB's words. All names and values are placeholders, because attributes have the names of
 * reports and DynamoDB has reserved words.
 */

type Attributes = Record<string, AttributeValue>;

export function attributesOf(item: TableItem): Attributes {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: TableValue): AttributeValue {
  if (typeof value === 'string') return { S: value };
  return typeof value === 'bigint' ? { N: `${value}` } : { NS: value.map(String) };
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
  const { S, N, NS }: { S?: string; N?: string; NS?: readonly string[] } = attribute;
  if (S !== undefined) return S;
  if (N !== undefined) return wholeOf(N);
  return NS?.flatMap((text) => wholeOf(text) ?? []);
}

function wholeOf(text: string): bigint | undefined {
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

export function keyOf({ pk, sk }: TableKey): Attributes {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** Exactly one of the three, as TransactWriteItems takes it. Each is also the input of the call of its name. */
export function writeItemOf(table: string, write: TableWrite): TransactWriteItem {
  switch (write.kind) {
    case 'put':
      return { Put: putOf(table, write) };
    case 'update':
      return { Update: updateOf(table, write) };
    case 'delete': {
      const words = new Words();
      return { Delete: { TableName: table, Key: keyOf(write.key), ...conditionOf(write.when, words), ...words.all() } };
    }
  }
}

function putOf(table: string, { item, when }: TablePut) {
  const words = new Words();
  return { TableName: table, Item: attributesOf(item), ...conditionOf(when, words), ...words.all() };
}

function updateOf(table: string, { key, set = {}, add = {}, remove = [], when }: TableUpdate) {
  const words = new Words();
  const sets = Object.entries(set).map(([name, value]) => `${words.name(name)} = ${words.value(value)}`);
  const adds = Object.entries(add).map(([name, value]) => `${words.name(name)} ${words.value(value)}`);
  const removes = remove.map((name) => words.name(name));
  const clauses = [
    ['SET', sets],
    ['ADD', adds],
    ['REMOVE', removes],
  ] as const;
  const expression = clauses
    .filter(([, parts]) => parts.length > 0)
    .map(([verb, parts]) => `${verb} ${parts.join(', ')}`);
  return {
    TableName: table,
    Key: keyOf(key),
    UpdateExpression: expression.join(' '),
    ...conditionOf(when, words),
    ...words.all(),
  };
}

function conditionOf(when: readonly TableTest[] | undefined, words: Words) {
  if (when === undefined || when.length === 0) return {};
  return { ConditionExpression: when.map((test) => testOf(test, words)).join(' OR ') };
}

const comparators = { equal: '=', less: '<', greater: '>' } as const;

function testOf(test: TableTest, words: Words): string {
  const name = words.name(test.attribute);
  switch (test.is) {
    case 'absent':
      return `attribute_not_exists(${name})`;
    case 'present':
      return `attribute_exists(${name})`;
    default:
      return `${name} ${comparators[test.is]} ${words.value(test.value)}`;
  }
}

/** Placeholders of one call. Each name and each value gets its own. */
class Words {
  readonly #names = new Map<string, string>();
  readonly #values: Attributes = {};
  #valueCount = 0;

  name(name: string): string {
    const placeholder = this.#names.get(name) ?? `#n${this.#names.size}`;
    this.#names.set(name, placeholder);
    return placeholder;
  }

  value(value: TableValue): string {
    const placeholder = `:v${this.#valueCount}`;
    this.#valueCount += 1;
    this.#values[placeholder] = attributeOf(value);
    return placeholder;
  }

  /** DynamoDB refuses empty maps. */
  all() {
    const names = [...this.#names].map(([name, placeholder]) => [placeholder, name]);
    return {
      ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) as Record<string, string> }),
      ...(this.#valueCount > 0 && { ExpressionAttributeValues: this.#values }),
    };
  }
}
