import type { z } from 'zod';
import { type Checked, checked } from '../../model/table/invalid-request.ts';
import type { TableModel } from '../../model/table/table.ts';
import type { Tables } from '../../model/table/tables.ts';
import { firstProblem, type WireError } from '../json-protocol.ts';
import type { WireCall } from '../wire-service.ts';
import { invalid, noSuchTable } from './dynamodb-error.ts';

/** The tables of the region of a request. */
export interface DynamoDbScope {
  readonly region: string;
  readonly account: string;
  readonly tables: Tables;
  readonly createdAtMs: number;
}

export type DynamoDbOutcome = { readonly output: object } | { readonly error: WireError };

export interface DynamoDbCall extends Pick<WireCall, 'needs'> {
  perform(): DynamoDbOutcome;
}

export interface DynamoDbAction {
  read(input: unknown, scope: DynamoDbScope): DynamoDbCall;
}

/** An action on one table. An invalid request needs no permission, so that its caller learns what is wrong. */
export function tableAction<Input extends { readonly TableName: string }>(
  name: string,
  schema: z.ZodType<Input>,
  perform: (input: Input, table: TableModel, scope: DynamoDbScope) => DynamoDbOutcome,
): DynamoDbAction {
  return {
    read(given, scope) {
      const parsed = parse(schema, given);
      if (parsed.kind === 'invalid') return refusedCall(invalid(parsed.message));
      const { input } = parsed;
      return {
        needs: [{ action: `dynamodb:${name}`, resource: arnOf(input.TableName, scope) }],
        perform() {
          const table = scope.tables.find(input.TableName);
          return table ? perform(input, table, scope) : { error: noSuchTable() };
        },
      };
    },
  };
}

export function refusedCall(error: WireError): DynamoDbCall {
  return { needs: [], perform: () => ({ error }) };
}

/** IAM checks the permission even when there is no such table. */
function arnOf(tableName: string, { tables, region, account }: DynamoDbScope): string {
  return tables.find(tableName)?.settings.arn ?? `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
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
