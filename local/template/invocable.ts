import type { FunctionTemplate } from './region-template.ts';

/**
 * A function, or one of its aliases. Each of these has its own permissions to be invoked.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export interface Invocable {
  readonly target: FunctionTemplate;
  /** Every text by which a template can name it. */
  readonly names: readonly string[];
}

/** A template names a function by its ARN or its name, with or without an alias at the end. */
export function findInvocable(functions: readonly FunctionTemplate[], nameOrArn: string): Invocable | undefined {
  return functions.flatMap(invocablesOf).find(({ names }) => names.includes(nameOrArn));
}

function invocablesOf(target: FunctionTemplate): Invocable[] {
  const { name, arn, aliases } = target;
  const byAlias = aliases.map((alias) => ({ target, names: [`${name}:${alias}`, `${arn}:${alias}`] }));
  return [{ target, names: [name, arn] }, ...byAlias];
}
