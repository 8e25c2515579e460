import type { BucketTemplate } from './region-template.ts';
import { bucketType } from './resource-types.ts';
import type { Stack } from './stack.ts';

export function readBuckets(stack: Stack): BucketTemplate[] {
  return stack.all(bucketType).map(({ logicalId, properties }) => ({
    logicalId,
    name: properties.BucketName,
    arn: stack.arn(logicalId),
    versioned: properties.VersioningConfiguration !== undefined,
    configuration: {
      sseAlgorithm:
        properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm,
      publicAccessBlock: properties.PublicAccessBlockConfiguration,
      lifecycleRules: properties.LifecycleConfiguration.Rules,
    },
  }));
}
