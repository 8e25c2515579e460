/** Parts of a payload whose type is not known yet. */

export function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new TypeError('this is no request of a front door');
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
