import { firstStackName, logBucketName, stackName } from '../../../core/config/resource-names.ts';
import type { AwsAnswer } from '../../clients/aws-answer.ts';
import { type DeployedStack, readStack } from '../../clients/deployed-stack.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck } from './region-check.ts';

export interface StackFacts {
  readonly name: string;
  /** Undefined: there is no such stack. */
  readonly stack: AwsAnswer<Pick<DeployedStack, 'status' | 'logBucket'> | undefined>;
}

/**
 * Whether a deploy would change this deployment's own stack, and can. In a stack of an older release only the name of the
 * log bucket says which deployment owns it.
 */
export const checkStacks: AccountCheck = async ({ deployment, region }) => {
  const { config } = deployment;
  const target = stackName(config, region);
  const names = [...new Set([target, firstStackName(region)])];
  const [facts, first] = await Promise.all(
    names.map(async (name): Promise<StackFacts> => ({ name, stack: await readStack(deployment, region, name) })),
  );
  if (!facts) return [];
  return [...judgeStacks(region, logBucketName(config, region), facts, first), ...judgeStatus(region, facts)];
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
  if (target.stack.kind === 'failed') return [unreadable(region, `stack ${target.name}`, target.stack.reason)];
  const found = target.stack.value?.logBucket;
  if (found !== undefined && found !== logBucket) {
    const todo = `do not deploy: it belongs to another deployment, whose queues and functions would be replaced (${guide})`;
    return [{ region, what: `stack ${target.name}`, expected: `the log bucket ${logBucket}`, found, todo }];
  }
  if (first?.stack.kind !== 'ok' || first.stack.value?.logBucket !== logBucket) return [];
  const todo = `set "stackPrefix": "${first.name.slice(0, -region.length - 1)}" in the config, and the deployment stays there (${guide})`;
  return [{ region, what: 'stack of this deployment', expected: target.name, found: first.name, todo }];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html: from which states a stack can be updated. */
const updatable = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$|^REVIEW_IN_PROGRESS$/;

const remedies: readonly (readonly [RegExp, string])[] = [
  [/_IN_PROGRESS$/, 'wait until it is done'],
  [/^UPDATE_ROLLBACK_FAILED$/, 'run npx cdk rollback for it first (docs/deploy.md, "Break-glass access")'],
  [/./, 'its first deploy failed: delete the stack, and import what it left (docs/deploy.md, "Tear-down")'],
];

function judgeStatus(region: string, { name, stack }: StackFacts): readonly Finding[] {
  if (stack.kind === 'failed' || stack.value === undefined || updatable.test(stack.value.status)) return [];
  const { status: found } = stack.value;
  const [, todo = ''] = remedies.find(([pattern]) => pattern.test(found)) ?? [];
  return [{ region, what: `stack ${name}`, expected: 'a state that a deploy can change', found, todo }];
}
