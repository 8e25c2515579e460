import type { PolicyStatement } from '../template/region-template.ts';

/**
 * Identity policies only: a Deny that matches refuses, else an Allow that matches grants, else it is refused.
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

/** The patterns of a template are few, and asked for at each call. */
const compiledPatterns = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}
