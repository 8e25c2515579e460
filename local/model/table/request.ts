import type { AttributeMap } from './attribute-value.ts';
import type { Substitutes } from './expression/placeholders.ts';

/** What can be asked of a table. Keys are whole keys of the table; expressions are texts in DynamoDB's language. */

export interface GetRequest extends Substitutes {
  readonly key: AttributeMap;
  readonly projection?: string | undefined;
  readonly isConsistent?: boolean | undefined;
}

export type WriteRequest = PutRequest | UpdateRequest | DeleteRequest | CheckRequest;

export interface PutRequest extends Conditional {
  readonly kind: 'put';
  readonly item: AttributeMap;
}

export interface UpdateRequest extends Conditional {
  readonly kind: 'update';
  readonly key: AttributeMap;
  /** Absent = an item is made of the key alone, if there is none. */
  readonly update?: string | undefined;
}

export interface DeleteRequest extends Conditional {
  readonly kind: 'delete';
  readonly key: AttributeMap;
}

/** Writes nothing: in a transaction, the condition must hold. */
interface CheckRequest extends Conditional {
  readonly kind: 'check';
  readonly key: AttributeMap;
}

interface Conditional extends Substitutes {
  readonly condition?: string | undefined;
}

export interface QueryRequest extends ReadRequest {
  readonly keyCondition: string;
  /** From the last one; absent = false. */
  readonly isDescending?: boolean | undefined;
}

export interface ScanRequest extends ReadRequest {}

interface ReadRequest extends Substitutes {
  /** Absent = the table itself. */
  readonly indexName?: string | undefined;
  readonly filter?: string | undefined;
  readonly projection?: string | undefined;
  readonly isConsistent?: boolean | undefined;
  /** Of items looked at, also of those that the filter leaves out; absent = what one page holds. */
  readonly countMax?: number | undefined;
  /** Where an earlier page ended. */
  readonly after?: AttributeMap | undefined;
}
