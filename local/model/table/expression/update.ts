import { typeOf } from '../attribute-value.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { type Operand, readOperand, typeTitles } from './operand.ts';
import { checkApart, type Path, readPath } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import type { TokenReader } from './tokens.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export type Change =
  | { readonly kind: 'set'; readonly path: Path; readonly source: Source }
  | { readonly kind: 'remove'; readonly path: Path }
  /** Of a number, or of members of a set. */
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly operand: Operand };

/** What SET puts into a path. */
export type Source =
  | Operand
  | { readonly kind: 'plus' | 'minus' | 'list-append'; readonly left: Source; readonly right: Source }
  | { readonly kind: 'if-not-exists'; readonly path: Path; readonly otherwise: Source };

const sections = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;
type Section = (typeof sections)[number];

/** Throws also when a part of the key would be changed. */
export function readUpdate(
  reader: TokenReader,
  placeholders: Placeholders,
  keyNames: readonly string[],
): readonly Change[] {
  const changes = new UpdateReader(reader, placeholders).changes();
  const paths = changes.map(({ path }) => path);
  checkApart(paths, reader);
  for (const [name] of paths) {
    if (!keyNames.includes(name)) continue;
    throw new InvalidRequest(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
  return changes;
}

class UpdateReader {
  readonly #reader: TokenReader;
  readonly #placeholders: Placeholders;

  constructor(reader: TokenReader, placeholders: Placeholders) {
    this.#reader = reader;
    this.#placeholders = placeholders;
  }

  changes(): readonly Change[] {
    const changes: Change[] = [];
    const seen = new Set<Section>();
    while (this.#reader.next.kind !== 'end') {
      const section = this.#section(seen);
      do changes.push(this.#change(section));
      while (this.#reader.takeIf(','));
    }
    return changes;
  }

  #section(seen: Set<Section>): Section {
    const section = sections.find((name) => this.#reader.takeIf(name));
    if (!section) throw this.#reader.unexpected();
    if (seen.has(section)) {
      throw this.#reader.problem(`The "${section}" section can only be used once in an update expression;`);
    }
    seen.add(section);
    return section;
  }

  #change(section: Section): Change {
    const path = this.#path();
    switch (section) {
      case 'SET':
        this.#reader.expect('=');
        return { kind: 'set', path, source: this.#sum() };
      case 'REMOVE':
        return { kind: 'remove', path };
      case 'ADD':
        return { kind: 'add', path, operand: this.#setOrNumber('ADD', ['N', 'SS', 'NS', 'BS']) };
      case 'DELETE':
        return { kind: 'delete', path, operand: this.#setOrNumber('DELETE', ['SS', 'NS', 'BS']) };
    }
  }

  #sum(): Source {
    const left = this.#source();
    if (this.#reader.takeIf('+')) return { kind: 'plus', left, right: this.#source() };
    if (this.#reader.takeIf('-')) return { kind: 'minus', left, right: this.#source() };
    return left;
  }

  #source(): Source {
    if (this.#reader.takeIf('(')) {
      const inner = this.#sum();
      this.#reader.expect(')');
      return inner;
    }
    return this.#reader.isCall ? this.#call() : this.#operand();
  }

  #call(): Source {
    const { text: name } = this.#reader.take();
    if (name !== 'if_not_exists' && name !== 'list_append') {
      throw this.#reader.problem(`Invalid function name; function: ${name}`);
    }
    this.#reader.expect('(');
    const source = name === 'if_not_exists' ? this.#ifNotExists() : this.#listAppend();
    this.#reader.expect(')');
    return source;
  }

  #ifNotExists(): Source {
    const path = this.#path();
    this.#reader.expect(',');
    return { kind: 'if-not-exists', path, otherwise: this.#source() };
  }

  #listAppend(): Source {
    const left = this.#source();
    this.#reader.expect(',');
    return { kind: 'list-append', left, right: this.#source() };
  }

  #setOrNumber(operator: string, types: readonly string[]): Operand {
    const operand = this.#operand();
    if (operand.kind === 'path') throw this.#reader.unexpected();
    const type = typeOf(operand.value);
    if (types.includes(type)) return operand;
    const problem = 'Incorrect operand type for operator or function; operator:';
    throw this.#reader.problem(`${problem} ${operator}, operand type: ${typeTitles[type]}`);
  }

  #operand(): Operand {
    return readOperand(this.#reader, this.#placeholders);
  }

  #path(): Path {
    return readPath(this.#reader, this.#placeholders);
  }
}
