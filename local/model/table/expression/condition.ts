import { type AttributeValue, type TypeName, typeNames, typeOf } from '../attribute-value.ts';
import { compareValues } from '../compare-values.ts';
import { type Operand, readOperand, typeTitles } from './operand.ts';
import { type Path, readPath } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/**
 * Condition, filter and key-condition expressions, by recursive descent: OR binds least, then AND, then NOT.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export type Condition =
  | { readonly kind: 'or' | 'and'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Measured; readonly right: Measured }
  | { readonly kind: 'between'; readonly operand: Measured; readonly low: Measured; readonly high: Measured }
  | { readonly kind: 'in'; readonly operand: Measured; readonly candidates: readonly Measured[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly isWanted: boolean }
  | { readonly kind: 'type'; readonly path: Path; readonly type: TypeName }
  | { readonly kind: 'begins-with' | 'contains'; readonly left: Operand; readonly right: Operand };

/** Something that has a value: an operand, or the size of what a path leads to. */
export type Measured = Operand | { readonly kind: 'size'; readonly path: Path };

const comparators = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparator = (typeof comparators)[number];

const candidatesMax = 100;

export function readCondition(reader: TokenReader, placeholders: Placeholders): Condition {
  const condition = new ConditionReader(reader, placeholders).or();
  reader.expectEnd();
  return condition;
}

class ConditionReader {
  readonly #reader: TokenReader;
  readonly #placeholders: Placeholders;

  constructor(reader: TokenReader, placeholders: Placeholders) {
    this.#reader = reader;
    this.#placeholders = placeholders;
  }

  or(): Condition {
    let left = this.#and();
    while (this.#reader.takeIf('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Condition {
    let left = this.#not();
    while (this.#reader.takeIf('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Condition {
    if (this.#reader.takeIf('NOT')) return { kind: 'not', inner: this.#not() };
    if (!this.#reader.takeIf('(')) return this.#test();
    const inner = this.or();
    this.#reader.expect(')');
    return inner;
  }

  #test(): Condition {
    const isTest = this.#reader.isCall && this.#reader.next.text !== 'size';
    return isTest ? this.#call() : this.#comparison(this.#measured());
  }

  #comparison(operand: Measured): Condition {
    if (this.#reader.takeIf('BETWEEN')) return this.#between(operand);
    if (this.#reader.takeIf('IN')) return { kind: 'in', operand, candidates: this.#candidates() };
    const operator = comparators.find((one) => this.#reader.takeIf(one));
    if (!operator) throw this.#reader.unexpected();
    const condition: Condition = { kind: 'compare', operator, left: operand, right: this.#measured() };
    if (operator !== '=' && operator !== '<>') this.#checkOrdered(operator, [operand, condition.right]);
    return condition;
  }

  #between(operand: Measured): Condition {
    const low = this.#measured();
    this.#reader.expect('AND');
    const high = this.#measured();
    this.#checkOrdered('BETWEEN', [operand, low, high]);
    this.#checkBounds(low, high);
    return { kind: 'between', operand, low, high };
  }

  #candidates(): readonly Measured[] {
    this.#reader.expect('(');
    const candidates = [this.#measured()];
    while (this.#reader.takeIf(',')) candidates.push(this.#measured());
    this.#reader.expect(')');
    if (candidates.length > candidatesMax) throw this.#reader.problem('The IN operator has too many operands;');
    return candidates;
  }

  #measured(): Measured {
    if (!this.#reader.isCall) return readOperand(this.#reader, this.#placeholders);
    if (this.#reader.next.text !== 'size') throw this.#unknownFunction();
    this.#reader.take();
    return { kind: 'size', path: this.#bracketed(() => readPath(this.#reader, this.#placeholders)) };
  }

  #call(): Condition {
    const name = this.#reader.next.text;
    const path = () => readPath(this.#reader, this.#placeholders);
    switch (name) {
      case 'attribute_exists':
      case 'attribute_not_exists':
        this.#reader.take();
        return { kind: 'exists', path: this.#bracketed(path), isWanted: name === 'attribute_exists' };
      case 'attribute_type':
        this.#reader.take();
        return this.#bracketed(() => ({ kind: 'type', path: path(), type: this.#typeArgument() }));
      case 'begins_with':
      case 'contains':
        this.#reader.take();
        return this.#bracketed(() => this.#pair(name));
      default:
        throw this.#unknownFunction();
    }
  }

  #pair(name: 'begins_with' | 'contains'): Condition {
    const left = readOperand(this.#reader, this.#placeholders);
    this.#reader.expect(',');
    const right = readOperand(this.#reader, this.#placeholders);
    if (name === 'contains') return { kind: 'contains', left, right };
    for (const operand of [left, right]) this.#checkOperand(name, operand, ['S', 'B']);
    return { kind: 'begins-with', left, right };
  }

  #typeArgument(): TypeName {
    this.#reader.expect(',');
    const { kind, text } = this.#reader.take();
    const value: AttributeValue | undefined =
      kind === 'value' ? this.#placeholders.value(text, this.#reader) : undefined;
    const type = typeNames.find((name) => value && 'S' in value && value.S === name);
    if (!type)
      throw this.#reader.problem('Invalid attribute type name found; valid types are those of attribute values');
    return type;
  }

  #bracketed<T>(read: () => T): T {
    this.#reader.expect('(');
    const inner = read();
    this.#reader.expect(')');
    return inner;
  }

  #checkOrdered(operator: string, operands: readonly Measured[]): void {
    for (const operand of operands) {
      if (operand.kind !== 'size') this.#checkOperand(operator, operand, ['S', 'N', 'B']);
    }
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
  #checkBounds(low: Measured, high: Measured): void {
    if (low.kind !== 'value' || high.kind !== 'value') return;
    const order = compareValues(low.value, high.value);
    if (order === undefined) {
      throw this.#reader.problem('The BETWEEN operator requires same data type for lower and upper bounds;');
    }
    if (order <= 0) return;
    throw this.#reader.problem('The BETWEEN operator requires upper bound to be greater than or equal to lower bound;');
  }

  #checkOperand(operator: string, operand: Operand, types: readonly TypeName[]): void {
    if (operand.kind === 'path') return;
    const type = typeOf(operand.value);
    if (types.includes(type)) return;
    const problem = 'Incorrect operand type for operator or function; operator or function:';
    throw this.#reader.problem(`${problem} ${operator}, operand type: ${typeTitles[type]}`);
  }

  #unknownFunction() {
    return this.#reader.problem(`Invalid function name; function: ${this.#reader.next.text}`);
  }
}
