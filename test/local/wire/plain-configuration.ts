import type { BucketConfiguration } from '../../../local/template/region-template.ts';

/** Of a bucket about which a template says nothing more. */
export const plainConfiguration: BucketConfiguration = {
  sseAlgorithm: 'AES256',
  publicAccessBlock: undefined,
  lifecycleRules: [],
};
