import { parseDocument } from 'yaml';

export type ReadYaml =
  | { readonly kind: 'read'; readonly value: unknown }
  /** One line each, `where: what`. */
  | { readonly kind: 'unreadable'; readonly problems: readonly string[] };

/** Parses a YAML file. The value is unchecked. */
export function readYaml(text: string): ReadYaml {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => `line ${lineOf(text, pos[0])}: ${message}`);
    return { kind: 'unreadable', problems };
  }
  try {
    return { kind: 'read', value: document.toJS() };
  } catch (error) {
    // Only `toJS` finds aliases without a target and aliases that would expand without end.
    return { kind: 'unreadable', problems: [`file: ${(error as Error).message}`] };
  }
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
