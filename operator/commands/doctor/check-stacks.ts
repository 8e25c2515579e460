import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { firstStackName, logBucketName, logBucketOutput, stackName } from '../../../core/config/resource-names.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck } from './region-check.ts';

export interface StackFacts {
  readonly name: string;
  /** Log bucket of the deployment that owns the stack; undefined = there is no such stack, or it is still empty. */
  readonly logBucket: AwsAnswer<string | undefined>;
}

/**
 * Whether a deploy would change this deployment's own stack. In a stack of an older release only the name of the log
 * bucket says which deployment owns it.
 */
export const checkStacks: AccountCheck = async ({ deployment, region }) => {
  const { config } = deployment;
  const target = stackName(config, region);
  const names = [...new Set([target, firstStackName(region)])];
  const [facts, first] = await Promise.all(names.map((name) => readStack(deployment, region, name)));
  if (!facts) return [];
  return judgeStacks(region, logBucketName(config, region), facts, first);
};

/**
 * `target` is the stack that a deploy would change. `first` is the stack of the first releases, when its name differs.
 */
export function judgeStacks(
  region: string,
  logBucket: string,
  target: StackFacts,
  first: StackFacts | undefined,
): readonly Finding[] {
  const guide = 'docs/deploy.md, "Several deployments in one account"';
  if (target.logBucket.kind === 'failed') return [unreadable(region, `stack ${target.name}`, target.logBucket.reason)];
  const found = target.logBucket.value;
  if (found !== undefined && found !== logBucket) {
    const todo = `do not deploy: it belongs to another deployment, whose queues and functions would be replaced (${guide})`;
    return [{ region, what: `stack ${target.name}`, expected: `the log bucket ${logBucket}`, found, todo }];
  }
  if (first?.logBucket.kind !== 'ok' || first.logBucket.value !== logBucket) return [];
  const todo = `set "stackPrefix": "${first.name.slice(0, -region.length - 1)}" in the config, and the deployment stays there (${guide})`;
  return [{ region, what: 'stack of this deployment', expected: target.name, found: first.name, todo }];
}

async function readStack({ clientOptions }: Deployment, region: string, StackName: string): Promise<StackFacts> {
  const client = new CloudFormationClient(clientOptions(region));
  const answer = await awsAnswer(async () => {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName })).catch(whenMissing);
    return stack?.Outputs?.find(({ OutputKey }) => OutputKey === logBucketOutput)?.OutputValue;
  });
  client.destroy();
  return { name: StackName, logBucket: answer };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: only the text tells this ValidationError from others. */
function whenMissing(error: Error): { Stacks?: [] } {
  if (error.name === 'ValidationError' && error.message.includes('does not exist')) return {};
  throw error;
}
