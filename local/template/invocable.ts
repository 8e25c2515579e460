import type { FunctionTemplate } from './region-template.ts';

/**
 * A function as it is invoked: as it is, or by one of its aliases. Who may invoke it is settled for each of these on its
 * own. https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export interface Invocable {
  readonly target: FunctionTemplate;
  /** Everything by which a template can name it. */
  readonly names: readonly string[];
}

/** A function is named by its ARN or by its name, wherever a template names one, and an alias stands behind either. */
export function findInvocable(functions: readonly FunctionTemplate[], nameOrArn: string): Invocable | undefined {
  return functions.flatMap(invocablesOf).find(({ names }) => names.includes(nameOrArn));
}

function invocablesOf(target: FunctionTemplate): Invocable[] {
  const { name, arn, aliases } = target;
  const byAlias = aliases.map((alias) => ({ target, names: [`${name}:${alias}`, `${arn}:${alias}`] }));
  return [{ target, names: [name, arn] }, ...byAlias];
}
