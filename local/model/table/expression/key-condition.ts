import { type AttributeValue, typeOf } from '../attribute-value.ts';
import { compareValues } from '../compare-values.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { checkKey } from '../item-key.ts';
import { joinCodes, keyCode } from '../key-code.ts';
import type { KeySchema } from '../table-settings.ts';
import { readName } from './attribute-name.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/** The part of one partition that a query reads: from `from` up to but without `to`, two places of OrderedItems. */
export interface KeyRange {
  readonly partition: AttributeValue;
  readonly from: string;
  /** Absent = to the end of the partition. */
  readonly to?: string;
}

/**
 * Reads a key condition: `=` for the partition key, and optionally BETWEEN for the sort key. Not modelled: DynamoDB's
 * other comparisons of a sort key. Throws an InvalidRequest.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 */
export function readKeyRange(reader: TokenReader, placeholders: Placeholders, schema: KeySchema): KeyRange {
  const terms = [readTerm(reader, placeholders)];
  while (reader.takeIf('AND')) terms.push(readTerm(reader, placeholders));
  if (reader.next.kind !== 'end') throw unsupported();
  const partition = terms.filter(({ name }) => name === schema.partition.name);
  const sort = terms.filter(({ name }) => name === schema.sort?.name);
  const [first] = partition;
  if (!first) throw new InvalidRequest(`Query condition missed key schema element: ${schema.partition.name}`);
  if (terms.length > partition.length + sort.length) throw unsupported();
  if (partition.length > 1 || sort.length > 1) {
    throw new InvalidRequest('KeyConditionExpressions must only contain one condition per key');
  }
  if (first.high || (sort[0] && !sort[0].high)) throw unsupported();
  for (const term of terms) checkValues(term, schema);
  return { partition: first.low, ...(sort[0] ? rangeOf(sort[0]) : { from: '' }) };
}

interface Term {
  readonly name: string;
  readonly low: AttributeValue;
  /** The upper bound of BETWEEN; absent for `=`. */
  readonly high?: AttributeValue;
}

function readTerm(reader: TokenReader, placeholders: Placeholders): Term {
  const name = readName(reader, placeholders);
  if (reader.takeIf('=')) return { name, low: placeholders.takeValue(reader) };
  if (!reader.takeIf('BETWEEN')) throw unsupported();
  const low = placeholders.takeValue(reader);
  reader.expect('AND');
  const high = placeholders.takeValue(reader);
  checkBounds(low, high, reader);
  return { name, low, high };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
function checkBounds(low: AttributeValue, high: AttributeValue, reader: TokenReader): void {
  const order = compareValues(low, high);
  if (order === undefined) {
    throw reader.problem('The BETWEEN operator requires same data type for lower and upper bounds;');
  }
  if (order <= 0) return;
  throw reader.problem('The BETWEEN operator requires upper bound to be greater than or equal to lower bound;');
}

/** A value must have the type of the key and must not be empty. */
function checkValues({ name, low, high = low }: Term, { partition, sort = partition }: KeySchema): void {
  const attribute = name === partition.name ? partition : sort;
  for (const value of [low, high]) {
    if (typeOf(value) !== attribute.type) {
      const problem = 'Condition parameter type does not match schema type';
      throw new InvalidRequest(`One or more parameter values were invalid: ${problem}`);
    }
    checkKey({ [name]: value }, { partition: attribute });
  }
}

/** The places of one sort key begin with its code, and sort before the text that `afterCode` returns. */
function rangeOf({ low, high = low }: Term): Omit<KeyRange, 'partition'> {
  return { from: joinCodes([keyCode(low)]), to: afterCode(high) };
}

/** A code ends with two zeros. With a one as its last byte it sorts after all places of its key, and before greater keys. */
function afterCode(value: AttributeValue): string {
  return `${joinCodes([keyCode(value)]).slice(0, -1)}\x01`;
}

function unsupported(): InvalidRequest {
  const modelled = 'the local cloud models = for the partition key and BETWEEN for the sort key';
  return new InvalidRequest(`Query key condition not supported (${modelled})`);
}
