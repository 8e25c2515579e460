import type { z } from 'zod';
import type { AttributeMap } from '../../model/table/attribute-value.ts';
import { type Checked, checked } from '../../model/table/invalid-request.ts';
import type { TableModel } from '../../model/table/table.ts';
import type { Tables } from '../../model/table/tables.ts';
import { firstProblem } from '../json-protocol.ts';
import { type DynamoDbError, invalid, noSuchTable } from './dynamodb-error.ts';
import { partitionText, valueTexts } from './partition-text.ts';

/** The tables of the region of a request. */
export interface DynamoDbScope {
  readonly region: string;
  readonly account: string;
  readonly tables: Tables;
  readonly createdAtMs: number;
}

export type DynamoDbOutcome = { readonly output: object } | { readonly error: DynamoDbError };

export interface Need {
  readonly action: string;
  readonly resource: string;
}

export interface DynamoDbCall {
  readonly needs: readonly Need[];
  /** The partition keys of the call's items, in their order; empty when the call is about no single item. */
  readonly keys: readonly string[];
  /** True = a refusal gives a reason for each item. */
  readonly isTransaction?: true;
  perform(): DynamoDbOutcome;
  /** For batches: performs the call without these partition keys, and returns them as unprocessed. */
  performWithout?(keys: readonly string[]): DynamoDbOutcome;
}

export interface DynamoDbAction {
  read(input: unknown, scope: DynamoDbScope): DynamoDbCall;
}

interface TableInput {
  readonly TableName: string;
  readonly IndexName?: string | undefined;
  readonly Key?: AttributeMap;
  readonly Item?: AttributeMap;
  readonly KeyConditionExpression?: string;
  readonly ExpressionAttributeValues?: AttributeMap | undefined;
}

/** An action on one table, or on one index of it. */
export function tableAction<Input extends TableInput>(
  name: string,
  schema: z.ZodType<Input>,
  perform: (input: Input, table: TableModel, scope: DynamoDbScope) => DynamoDbOutcome,
): DynamoDbAction {
  return action(schema, (input, scope) => ({
    needs: [{ action: `dynamodb:${name}`, resource: arnOf(input.TableName, scope, input.IndexName) }],
    keys: keysOf(input, scope),
    perform() {
      const table = scope.tables.find(input.TableName);
      return table ? perform(input, table, scope) : { error: noSuchTable() };
    },
  }));
}

/** An action that is not on one table. An invalid request needs no permission, so that its caller learns what is wrong. */
export function action<Input>(
  schema: z.ZodType<Input>,
  callOf: (input: Input, scope: DynamoDbScope) => DynamoDbCall,
): DynamoDbAction {
  return {
    read(given, scope) {
      const parsed = parse(schema, given);
      return parsed.kind === 'invalid' ? refusedCall(invalid(parsed.message)) : callOf(parsed.input, scope);
    },
  };
}

export function refusedCall(error: DynamoDbError): DynamoDbCall {
  return { needs: [], keys: [], perform: () => ({ error }) };
}

function keysOf(input: TableInput, scope: DynamoDbScope): readonly string[] {
  const item = input.Key ?? input.Item;
  if (item) return [partitionText(item, input.TableName, scope.tables)];
  return input.KeyConditionExpression === undefined ? [] : valueTexts(input.ExpressionAttributeValues);
}

/** IAM checks the permission even when there is no such table. */
export function arnOf(tableName: string, { tables, region, account }: DynamoDbScope, indexName?: string): string {
  const table = tables.find(tableName)?.settings.arn ?? `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
  return indexName === undefined ? table : `${table}/index/${indexName}`;
}

type Parsed<Input> = Checked<{ readonly kind: 'parsed'; readonly input: Input }>;

/** The schema reads attribute values too, and throws an InvalidRequest when one is wrong. */
function parse<Input>(schema: z.ZodType<Input>, given: unknown): Parsed<Input> {
  return checked((): Parsed<Input> => {
    const result = schema.safeParse(given);
    if (result.success) return { kind: 'parsed', input: result.data };
    return { kind: 'invalid', message: firstProblem(result.error) };
  });
}
