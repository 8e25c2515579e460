import { type AttributeMap, type AttributeValue, attributeOf } from '../attribute-value.ts';
import type { Placeholders } from './placeholders.ts';
import { isReserved } from './reserved-words.ts';
import type { TokenReader } from './tokens.ts';

/** An attribute, and what lies in it: names of maps, indexes of lists. The first is always a name. */
export type Path = readonly [string, ...(string | number)[]];

export function readPath(reader: TokenReader, placeholders: Placeholders): Path {
  const path: [string, ...(string | number)[]] = [readName(reader, placeholders)];
  for (;;) {
    if (reader.takeIf('.')) path.push(readName(reader, placeholders));
    else if (reader.takeIf('[')) path.push(readIndex(reader));
    else return path;
  }
}

/** Undefined when there is nothing. */
export function valueAt(item: AttributeMap, [name, ...rest]: Path): AttributeValue | undefined {
  return rest.reduce<AttributeValue | undefined>(
    (value, element) => value && elementOf(value, element),
    attributeOf(item, name),
  );
}

export function elementOf(value: AttributeValue, element: string | number): AttributeValue | undefined {
  if (typeof element === 'number') return 'L' in value ? value.L[element] : undefined;
  return 'M' in value ? attributeOf(value.M, element) : undefined;
}

/** Throws when two paths meet: one of them is, or lies in, the other. */
export function checkApart(paths: readonly Path[], reader: TokenReader): void {
  for (const [index, path] of paths.entries()) {
    const other = paths.slice(0, index).find((one) => startsWith(one, path) || startsWith(path, one));
    if (!other) continue;
    const which = `path one: ${describePath(other)}, path two: ${describePath(path)}`;
    throw reader.problem(
      `Two document paths overlap with each other; must remove or rewrite one of these paths; ${which}`,
    );
  }
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((element, index) => path[index] === element);
}

function describePath(path: Path): string {
  return `[${path.map((element) => (typeof element === 'number' ? `[${element}]` : element)).join(', ')}]`;
}

function readName(reader: TokenReader, placeholders: Placeholders): string {
  const { kind, text } = reader.next;
  if (kind === 'name') return placeholders.name(reader.take().text, reader);
  if (kind !== 'word') throw reader.unexpected();
  if (isReserved(text)) {
    throw reader.problem(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
  }
  return reader.take().text;
}

function readIndex(reader: TokenReader): number {
  if (reader.next.kind !== 'index') throw reader.unexpected();
  const index = Number(reader.take().text);
  reader.expect(']');
  return index;
}
