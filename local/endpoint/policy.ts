import type { PolicyStatement } from '../template/region-template.ts';

/**
 * Only identity policies are modelled. A matching Deny refuses the call. Otherwise a matching Allow grants it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(policy: readonly PolicyStatement[], action: string, resource: string): boolean {
  const matching = policy.filter((statement) => concerns(statement, action, resource));
  return matching.length > 0 && matching.every(({ effect }) => effect === 'Allow');
}

function concerns({ actions, resources }: PolicyStatement, action: string, resource: string): boolean {
  // Actions are compared without regard to case, ARNs with it.
  return (
    actions.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some((pattern) => matches(pattern, resource))
  );
}

/** `*` stands for any characters and `?` for any one, slashes and colons included. */
export function matches(pattern: string, text: string): boolean {
  const compiled = compiledPatterns.get(pattern) ?? compile(pattern);
  compiledPatterns.set(pattern, compiled);
  return compiled.test(text);
}

/** A template has few patterns, and every call uses them. */
const compiledPatterns = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}
