import type { AttributeMap } from '../../model/table/attribute-value.ts';
import { project } from '../../model/table/expression/projection.ts';
import type { Checked } from '../../model/table/invalid-request.ts';
import type { TableModel } from '../../model/table/table.ts';
import type { WriteOutcome } from '../../model/table/write-item.ts';
import { capacityOf } from './consumed-capacity.ts';
import type { DynamoDbOutcome } from './dynamodb-action.ts';
import { invalid } from './dynamodb-error.ts';

interface Asking {
  readonly ReturnValues: 'NONE' | 'ALL_OLD' | 'ALL_NEW' | 'UPDATED_OLD' | 'UPDATED_NEW';
  readonly ReturnValuesOnConditionCheckFailure: 'NONE' | 'ALL_OLD';
  readonly ReturnConsumedCapacity: 'NONE' | 'TOTAL';
}

/** What PutItem, UpdateItem and DeleteItem answer. */
export function writeAnswer(outcome: Checked<WriteOutcome>, table: TableModel, asking: Asking): DynamoDbOutcome {
  switch (outcome.kind) {
    case 'invalid':
      return { error: invalid(outcome.message) };
    case 'condition-failed': {
      const shown = asking.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? outcome.before : undefined;
      const message = 'The conditional request failed';
      return { error: { type: 'ConditionalCheckFailedException', message, ...(shown && { more: { Item: shown } }) } };
    }
    case 'written': {
      const attributes = returned(outcome, asking.ReturnValues);
      const output = attributes && Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
      return { output: { ...output, ...capacityOf(asking, table, outcome.units) } };
    }
  }
}

function returned(
  { before, after, changed }: Extract<WriteOutcome, { kind: 'written' }>,
  values: Asking['ReturnValues'],
): AttributeMap | undefined {
  switch (values) {
    case 'NONE':
      return undefined;
    case 'ALL_OLD':
      return before;
    case 'ALL_NEW':
      return after;
    case 'UPDATED_OLD':
      return before && project(before, changed);
    case 'UPDATED_NEW':
      return after && project(after, changed);
  }
}
