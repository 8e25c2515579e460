import { InvalidRequest } from '../invalid-request.ts';

export interface Token {
  /** `word` is a keyword, a function or an attribute's name. `end` comes last, and repeats. */
  readonly kind: 'word' | 'name' | 'value' | 'index' | 'symbol' | 'end';
  readonly text: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const expressionBytesMax = 4_096;

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['name', /#[A-Za-z0-9_]+/y],
  ['value', /:[A-Za-z0-9_]+/y],
  ['index', /\d+/y],
  ['symbol', /<>|<=|>=|[<>=()[\].,+-]/y],
];

/** Reads the tokens of one expression. `parameter` is its name in messages: for example `ConditionExpression`. */
export class TokenReader {
  readonly #parameter: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(parameter: string, text: string) {
    this.#parameter = parameter;
    const bytes = Buffer.byteLength(text);
    if (bytes === 0) throw this.problem('The expression can not be empty;');
    if (bytes > expressionBytesMax) {
      throw this.problem(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    }
    this.#tokens = knownTokens.get(text) ?? remember(text, this.#split(text));
  }

  get next(): Token {
    return this.#tokens[this.#index] ?? { kind: 'end', text: '<EOF>' };
  }

  take(): Token {
    const token = this.next;
    this.#index += 1;
    return token;
  }

  /** Takes the next token if it is this symbol or keyword, in any case. */
  takeIf(text: string): boolean {
    const { kind, text: found } = this.next;
    const isNext = (kind === 'symbol' || kind === 'word') && found.toUpperCase() === text;
    if (isNext) this.#index += 1;
    return isNext;
  }

  expect(text: string): void {
    if (!this.takeIf(text)) throw this.unexpected();
  }

  /** Whether a word and an opening bracket come next. */
  get isCall(): boolean {
    return this.next.kind === 'word' && this.#tokens[this.#index + 1]?.text === '(';
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.unexpected();
  }

  unexpected(): InvalidRequest {
    const near = this.#tokens.slice(Math.max(0, this.#index - 1), this.#index + 2).map(({ text }) => text);
    return this.problem(`Syntax error${orNotModelled}; token: "${this.next.text}", near: "${near.join(' ')}"`);
  }

  unknownFunction(name: string): InvalidRequest {
    return this.problem(`Invalid function name${orNotModelled}; function: ${name}`);
  }

  problem(message: string): InvalidRequest {
    return new InvalidRequest(`Invalid ${this.#parameter}: ${message}`);
  }

  #split(text: string): readonly Token[] {
    const tokens: Token[] = [];
    for (let at = skipSpace(text, 0); at < text.length; ) {
      const token = tokenAt(text, at);
      if (!token) throw this.problem(`Syntax error; token: "${text[at]}", near: "${text.slice(at, at + 10)}"`);
      tokens.push(token);
      at = skipSpace(text, at + token.text.length);
    }
    return tokens;
  }
}

const orNotModelled = ' (or the local cloud does not model it)';

/** The tokens of known expressions. A function uses few expressions, but each of them a hundred times in one call. */
const knownTokens = new Map<string, readonly Token[]>();
const knownTokensMax = 500;

function remember(text: string, tokens: readonly Token[]): readonly Token[] {
  if (knownTokens.size >= knownTokensMax) knownTokens.clear();
  knownTokens.set(text, tokens);
  return tokens;
}

function tokenAt(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) return { kind, text: found };
  }
  return undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  return at;
}
