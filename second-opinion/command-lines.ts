/** Finds the calls of the AWS CLI in a page of documentation, as a shell would split them. */

export interface CommandLine {
  /** Counted from 1: where the block or the code span begins. */
  readonly line: number;
  readonly words: readonly string[];
  /** A command that a sentence only names, without its options. */
  readonly isMention: boolean;
}

/** Looks at fenced blocks and at code spans. `values` are those of shell variables and of `<PLACEHOLDERS>`, by name. */
export function awsCommandsIn(markdown: string, values: Readonly<Record<string, string>>): readonly CommandLine[] {
  return snippetsOf(markdown).flatMap(({ line, text, isSpan }) =>
    simpleCommands(text, values)
      .map(withoutShellWords)
      .filter(([first, second = '']) => first === 'aws' && /^[a-z]/.test(second))
      .map((words) => ({ line, words, isMention: isSpan && words.length <= 3 })),
  );
}

interface Snippet {
  readonly line: number;
  readonly text: string;
  readonly isSpan: boolean;
}

function snippetsOf(markdown: string): readonly Snippet[] {
  const found = [...markdown.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```|`([^`\n]+)`/gm)];
  return found.flatMap(({ index, 1: block, 2: span = '' }) => {
    const line = markdown.slice(0, index).split('\n').length;
    if (block !== undefined) return blockSnippets(block, line + 1);
    // A table writes the bar of a pipe as \|.
    return [{ line, text: span.replaceAll('\\|', '|'), isSpan: true }];
  });
}

/** A block line by line, but for lines that a backslash or an open quotation mark continues. */
function blockSnippets(block: string, firstLine: number): readonly Snippet[] {
  const snippets: Snippet[] = [];
  let text = '';
  let from = firstLine;
  for (const [index, line] of block.split('\n').entries()) {
    if (text === '') from = firstLine + index;
    text += `${line}\n`;
    if (isOpen(text)) continue;
    snippets.push({ line: from, text, isSpan: false });
    text = '';
  }
  return text === '' ? snippets : [...snippets, { line: from, text, isSpan: false }];
}

function isOpen(text: string): boolean {
  const bare = text.replace(/\\[^\n]/g, '').replace(/'[^']*'|"[^"]*"/g, '');
  return /['"]/.test(bare) || bare.endsWith('\\\n');
}

/** Also a comment, which can only begin where a word can. */
const blank = /^(?:[ \t]+|#.*)/;
const separator = /^(?:&&|\|\||[;|&()\n]|\d?>+&?\d?|<(?![A-Z_]+>))/;

/** The commands between `;`, `|`, `&&` and brackets, and those inside `$(…)`, whose output is then a plain value. */
function simpleCommands(text: string, values: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const inner: (readonly string[])[] = [];
  let rest = text.replaceAll('\\\n', ' ');
  while (rest !== '') {
    const space = blank.exec(rest)?.[0] ?? separator.exec(rest)?.[0];
    if (space !== undefined) {
      if (!blank.test(space)) commands.push([]);
      rest = rest.slice(space.length);
      continue;
    }
    const [word, after] = takeWord(rest, values, inner);
    commands.at(-1)?.push(word);
    rest = after;
  }
  return [...commands.filter((words) => words.length > 0), ...inner];
}

type Values = Readonly<Record<string, string>>;

function takeWord(text: string, values: Values, inner: (readonly string[])[]): [word: string, rest: string] {
  let word = '';
  let rest = text;
  while (rest !== '' && !/^[ \t]/.test(rest) && !separator.test(rest)) {
    const [piece = '', single, double, escaped] = pieceOf(rest);
    if (single !== undefined) word += single;
    else if (double !== undefined) word += expand(double, values, inner);
    else if (escaped !== undefined) word += escaped;
    else word += expand(piece, values, inner);
    rest = rest.slice(piece.length);
  }
  return [word, rest];
}

/** A quoted part, an escaped letter, a substitution, a placeholder, or one letter. */
function pieceOf(text: string): RegExpExecArray | [string] {
  const pattern = /^(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|\$\([^()]*\)|\$\{?\w+\}?|<[A-Z_]+>|[\s\S])/;
  return pattern.exec(text) ?? [text];
}

function expand(text: string, values: Values, inner: (readonly string[])[]): string {
  return text.replace(
    /\$\(([^()]*)\)|\$\{?(\w+)\}?|<([A-Z_]+)>/g,
    (_whole, command?: string, variable?: string, placeholder?: string) => {
      if (command !== undefined) inner.push(...simpleCommands(command, values));
      return values[variable ?? placeholder ?? ''] ?? anyValue;
    },
  );
}

/** Long enough for every parameter that has a least length. */
const anyValue = '00000000-0000-4000-8000-000000000000';

/** `do`, `then` and assignments stand before a command. */
function withoutShellWords(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !/^(?:do|then|else|if|while|until|!|\w+=.*)$/.test(word));
  return start < 0 ? [] : words.slice(start);
}
