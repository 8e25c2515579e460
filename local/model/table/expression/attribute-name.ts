import type { Placeholders } from './placeholders.ts';
import { isReserved } from './reserved-words.ts';
import type { TokenReader } from './tokens.ts';

/** Reads an attribute's name. Not modelled: document paths into maps and lists. */
export function readName(reader: TokenReader, placeholders: Placeholders): string {
  const { kind, text } = reader.next;
  if (kind === 'name') return placeholders.name(reader.take().text, reader);
  if (kind !== 'word') throw reader.unexpected();
  if (isReserved(text)) {
    throw reader.problem(`Attribute name is a reserved keyword; reserved keyword: ${text}`);
  }
  return reader.take().text;
}

/** Throws when a name occurs twice. */
export function checkDistinct(names: readonly string[], reader: TokenReader): void {
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated === undefined) return;
  const which = `path one: [${repeated}], path two: [${repeated}]`;
  throw reader.problem(
    `Two document paths overlap with each other; must remove or rewrite one of these paths; ${which}`,
  );
}
