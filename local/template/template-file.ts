import { z } from 'zod';

/**
 * The shape of a template file. It has no conditions, mappings and transforms, so a template that uses them is refused.
 * A resource with a condition or a creation policy is refused too.
 */

const resource = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  // The local cloud makes everything before anything runs.
  DependsOn: z.unknown().optional(),
  // The local cloud destroys nothing.
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
  // Says how an alias moves to another version, which never happens here.
  UpdatePolicy: z.strictObject({ CodeDeployLambdaAliasUpdate: z.unknown() }).optional(),
  Metadata: z.unknown().optional(),
});

const templateFile = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  Metadata: z.unknown().optional(),
  // The CDK adds one of each, which only needs a bootstrapped account. The other one stops a deployment from changing
  // another deployment's stack; the local cloud always makes new stacks.
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

/** `value` is the file as parsed JSON. */
export function parseTemplateFile(value: unknown): ParsedTemplateFile {
  const result = templateFile.safeParse(value);
  if (result.success) return { kind: 'valid', file: result.data };
  return { kind: 'refused', problems: describeIssues(result.error) };
}

/** One line for each issue: `where: what`. An unknown key is the most common issue, so it gets its own text. */
export function describeIssues(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.')}: ${issue.message}`];
    return issue.keys.map((key) => `${[...issue.path, key].join('.')}: the local cloud does not know it`);
  });
}
