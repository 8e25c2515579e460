import { z } from 'zod';

/**
 * The configuration of a bucket, without versioning. The local cloud does not act on it. Operators can ask for it.
 */

const encryption = z.strictObject({
  ServerSideEncryptionConfiguration: z.tuple([
    z.strictObject({ ServerSideEncryptionByDefault: z.strictObject({ SSEAlgorithm: z.string() }) }),
  ]),
});

const publicAccessBlock = z.strictObject({
  BlockPublicAcls: z.boolean().default(false),
  BlockPublicPolicy: z.boolean().default(false),
  IgnorePublicAcls: z.boolean().default(false),
  RestrictPublicBuckets: z.boolean().default(false),
});

const lifecycleRule = z.strictObject({
  Id: z.string(),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().default(''),
  ExpirationInDays: z.int().positive().optional(),
  NoncurrentVersionExpiration: z.strictObject({ NoncurrentDays: z.int().positive() }).optional(),
  ExpiredObjectDeleteMarker: z.boolean().optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: z.int().positive() }).optional(),
});

/**
 * AWS encrypts objects even when the template has no encryption:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
 */
export const bucketConfiguration = {
  BucketEncryption: encryption.default({
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
  }),
  PublicAccessBlockConfiguration: publicAccessBlock.optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(lifecycleRule) }).default({ Rules: [] }),
};

export type PublicAccessBlock = z.output<typeof publicAccessBlock>;
export type LifecycleRule = z.output<typeof lifecycleRule>;
