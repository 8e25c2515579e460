import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  S3Client,
} from '@aws-sdk/client-s3';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { BucketExpectations } from './expectations.ts';
import { deployAgain, type Finding, mismatch, unreadable } from './finding.ts';
import type { RegionCheck } from './region-check.ts';

/** The settings of a bucket, each as text or as a failed call. */
export interface BucketFacts {
  readonly versioning: AwsAnswer<string>;
  readonly encryption: AwsAnswer<string>;
  readonly publicAccess: AwsAnswer<string>;
  readonly lifecycle: AwsAnswer<string>;
}

export const checkBuckets: RegionCheck = async ({ deployment, region, expected }) => {
  const client = new S3Client(deployment.clientOptions(region));
  const findings = expected.buckets.map(async (one) =>
    judgeBucket(region, one, await readBucket(client, one.BucketName)),
  );
  const all = (await Promise.all(findings)).flat();
  client.destroy();
  return all;
};

async function readBucket(client: S3Client, Bucket: string): Promise<BucketFacts> {
  const named = { Bucket };
  const [versioning, encryption, publicAccess, lifecycle] = await Promise.all([
    awsAnswer(async () => (await client.send(new GetBucketVersioningCommand(named))).Status ?? 'off'),
    awsAnswer(async () => {
      const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand(named));
      return ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'none';
    }),
    awsAnswer(async () => {
      const { PublicAccessBlockConfiguration } = await client.send(new GetPublicAccessBlockCommand(named));
      return switchedOn({ ...PublicAccessBlockConfiguration });
    }),
    awsAnswer(async () => {
      const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand(named));
      return inWords(Rules.map(ruleOf));
    }),
  ]);
  return { versioning, encryption, publicAccess, lifecycle };
}

export function judgeBucket(region: string, expected: BucketExpectations, found: BucketFacts): readonly Finding[] {
  const about = (what: string, wanted: string, answer: AwsAnswer<string>): readonly Finding[] => {
    const whole = `bucket ${expected.BucketName}: ${what}`;
    if (answer.kind === 'ok') return mismatch({ region, what: whole, expected: wanted, found: answer.value, todo });
    // S3 answers 404 when somebody removed the setting.
    if (answer.reason.startsWith('404')) return [{ region, what: whole, expected: wanted, found: answer.code, todo }];
    return [unreadable(region, whole, answer.reason)];
  };
  const todo = deployAgain;
  const [encryption] = expected.BucketEncryption.ServerSideEncryptionConfiguration;
  const rules = expected.LifecycleConfiguration.Rules.map(({ Id, ...rule }) => ({
    ID: Id,
    ...rule,
    Days: rule.ExpirationInDays,
  }));
  return [
    ...about('versioning', expected.VersioningConfiguration.Status, found.versioning),
    ...about('encryption', encryption.ServerSideEncryptionByDefault.SSEAlgorithm, found.encryption),
    ...about('public access blocked by', switchedOn(expected.PublicAccessBlockConfiguration), found.publicAccess),
    ...about('lifecycle', inWords(rules), found.lifecycle),
  ];
}

interface Rule {
  readonly ID: string;
  readonly Status: string;
  readonly Prefix: string;
  readonly Days: number | undefined;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays?: number | undefined } | undefined;
  readonly ExpiredObjectDeleteMarker?: boolean | undefined;
}

/** New rules have their prefix in a filter, and old ones beside it. S3 returns a rule as it was written. */
function ruleOf({
  ID = '',
  Status = 'Disabled',
  Filter,
  Prefix: oldPrefix = '',
  Expiration,
  NoncurrentVersionExpiration,
}: LifecycleRule): Rule {
  return {
    ...{ ID, Status, Prefix: Filter?.Prefix ?? oldPrefix, Days: Expiration?.Days, NoncurrentVersionExpiration },
    ExpiredObjectDeleteMarker: Expiration?.ExpiredObjectDeleteMarker,
  };
}

/** `segments-expire (Enabled, log/): 1095 days` and so on, sorted. */
function inWords(rules: readonly Rule[]): string {
  const words = rules.map((rule) => {
    const noncurrentDays = rule.NoncurrentVersionExpiration?.NoncurrentDays;
    const effects = [
      rule.Days === undefined ? [] : [`${rule.Days} days`],
      noncurrentDays === undefined ? [] : [`old versions ${noncurrentDays} days`],
      rule.ExpiredObjectDeleteMarker ? ['delete markers'] : [],
    ].flat();
    return `${rule.ID} (${[rule.Status, rule.Prefix].filter((part) => part !== '').join(', ')}): ${effects.join(', ')}`;
  });
  return words.sort().join('; ') || 'none';
}

function switchedOn(settings: Readonly<Record<string, unknown>>): string {
  const on = Object.entries(settings).filter(([, value]) => value === true);
  return (
    on
      .map(([name]) => name)
      .sort()
      .join(', ') || 'nothing'
  );
}
