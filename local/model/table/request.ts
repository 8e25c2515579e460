import type { AttributeMap } from './attribute-value.ts';
import type { Substitutes } from './expression/placeholders.ts';

/** Requests to a table. Keys are complete. Expressions are text in DynamoDB's expression language. */

export interface GetRequest {
  readonly key: AttributeMap;
  readonly isConsistent?: boolean | undefined;
}

export type WriteRequest = PutRequest | UpdateRequest | DeleteRequest;

export interface PutRequest extends Conditional {
  readonly kind: 'put';
  readonly item: AttributeMap;
}

export interface UpdateRequest extends Conditional {
  readonly kind: 'update';
  readonly key: AttributeMap;
  readonly update: string;
}

export interface DeleteRequest extends Conditional {
  readonly kind: 'delete';
  readonly key: AttributeMap;
}

interface Conditional extends Substitutes {
  readonly condition?: string | undefined;
}

export interface QueryRequest extends Substitutes {
  readonly keyCondition: string;
  /** Absent = the table itself. */
  readonly indexName?: string | undefined;
  readonly isConsistent?: boolean | undefined;
  /** Absent = as many as one page holds. */
  readonly countMax?: number | undefined;
  /** The `next` of an earlier page. */
  readonly after?: AttributeMap | undefined;
}
