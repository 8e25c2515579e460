import type { z } from 'zod';

/** Messages about a file that a person wrote, in words for that person. */

/**
 * For `safeParse(value, { error: plainMessage })`: replaces zod's own messages. A message in the schema comes first.
 */
export function plainMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `has fields that are not known: ${issue.keys.join(', ')}`;
  if (issue.input === undefined) return 'is missing';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_union') return 'must be a number or a text';
  return undefined;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section of fields',
};

/** A problem as one line: `offers[3].offer_url: must be …`. */
export function problemOf({ path, message }: z.core.$ZodIssue): string {
  return `${pathText(path) || 'file'}: ${message}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
