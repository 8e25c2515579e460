import { z } from 'zod';

/**
 * The shape of a template file. Conditions, mappings and transforms are not in it, so a template that uses them is
 * refused, and so is a resource with a condition or a policy of its own for creation.
 */

const resource = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  // The local cloud makes everything at once, before anything runs; it looks here only for an order without which AWS
  // could not make a resource.
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  // Nothing is destroyed.
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  // How an alias moves to another version; here it never does.
  UpdatePolicy: z.strictObject({ CodeDeployLambdaAliasUpdate: z.unknown() }).optional(),
  Metadata: z.unknown().optional(),
});

const templateFile = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  // One of each is the CDK's own, and asks for nothing but a bootstrapped account; the other keeps one deployment out of
  // another one's stack, and the local cloud always makes its stacks anew.
  Parameters: z
    .strictObject({ BootstrapVersion: z.unknown().optional(), DeploymentName: z.unknown().optional() })
    .default({}),
  Rules: z
    .strictObject({ CheckBootstrapVersion: z.unknown().optional(), StackOfThisDeployment: z.unknown().optional() })
    .default({}),
  Resources: z.record(z.string(), resource),
  Outputs: z
    .record(z.string(), z.strictObject({ Value: z.unknown(), Description: z.unknown().optional() }))
    .default({}),
});

export type TemplateFile = z.output<typeof templateFile>;
export type TemplateResource = z.output<typeof resource>;

export type ParsedTemplateFile =
  | { readonly kind: 'valid'; readonly file: TemplateFile }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** `value` is the file's JSON. */
export function parseTemplateFile(value: unknown): ParsedTemplateFile {
  const result = templateFile.safeParse(value);
  if (result.success) return { kind: 'valid', file: result.data };
  return { kind: 'refused', problems: describeIssues(result.error) };
}

/** One line for each issue, `where: what`; an unknown key is the usual one, and reads as such. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.')}: ${issue.message}`];
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: the local cloud does not know it`);
  });
}
