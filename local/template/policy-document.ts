import { z } from 'zod';

/**
 * Policy documents.
 *
 * A policy of an identity may have no condition, NotAction, NotResource or variable. Ignoring one would grant more than
 * AWS does.
 *
 * A resource policy may deny unencrypted requests; in the local cloud every request counts as encrypted.
 */

const oneOrMany = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const withoutVariables = oneOrMany.refine(
  (values) => !values.some((value) => value.includes('${')),
  'the local cloud does not know policy variables',
);

const version = z.literal('2012-10-17');

export const identityPolicy = z.strictObject({
  Version: version,
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.enum(['Allow', 'Deny']),
      Action: oneOrMany,
      Resource: withoutVariables,
    }),
  ),
});
export type IdentityPolicy = z.output<typeof identityPolicy>;

export const trustPolicy = z.strictObject({
  Version: version,
  Statement: z.array(
    z.strictObject({
      Effect: z.literal('Allow'),
      Action: z.literal('sts:AssumeRole'),
      Principal: z.strictObject({ Service: oneOrMany }),
    }),
  ),
});

const deniesUnencrypted = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.literal('Deny'),
  Action: oneOrMany,
  Resource: oneOrMany,
  Principal: z.union([z.literal('*'), z.strictObject({ AWS: z.literal('*') })]),
  Condition: z.strictObject({ Bool: z.strictObject({ 'aws:SecureTransport': z.literal('false') }) }),
});

export const resourcePolicy = z.strictObject({ Version: version, Statement: z.array(deniesUnencrypted) });
