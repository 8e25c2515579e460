import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import { logBucketOutput } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { type AwsAnswer, awsAnswer } from './aws-answer.ts';
import type { Deployment } from './deployment.ts';

export interface DeployedStack {
  /** CloudFormation's word, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** The log bucket of the deployment that owns the stack. Undefined while the stack is still empty. */
  readonly logBucket: string | undefined;
  readonly updatedAtMs: number;
}

/** Undefined: there is no such stack. */
export async function readStack(
  { clientOptions }: Deployment,
  region: string,
  StackName: string,
): Promise<AwsAnswer<DeployedStack | undefined>> {
  const client = new CloudFormationClient(clientOptions(region));
  const answer = await awsAnswer(async () => {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName })).catch(whenMissing);
    return stack && describe(stack);
  });
  client.destroy();
  return answer;
}

function describe({ StackStatus, Outputs = [], LastUpdatedTime, CreationTime }: Stack): DeployedStack {
  return {
    status: StackStatus ?? '',
    logBucket: Outputs.find(({ OutputKey }) => OutputKey === logBucketOutput)?.OutputValue,
    updatedAtMs: (LastUpdatedTime ?? CreationTime)?.getTime() ?? 0,
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: only the text tells this ValidationError from others. */
function whenMissing(error: Error): { Stacks?: [] } {
  if (error.name === 'ValidationError' && error.message.includes('does not exist')) return {};
  throw error;
}

const doorTypes: Readonly<Record<string, FrontDoorKind>> = {
  'AWS::ApiGatewayV2::Api': 'http-api',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'alb',
};

/** The front doors that a stack has now. */
export async function readStackDoors(
  { clientOptions }: Deployment,
  region: string,
  StackName: string,
): Promise<AwsAnswer<readonly FrontDoorKind[]>> {
  const client = new CloudFormationClient(clientOptions(region));
  const answer = await awsAnswer(async () => {
    const doors: FrontDoorKind[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < limits.doctor.stackPagesMax; page += 1) {
      const found = await client.send(new ListStackResourcesCommand({ StackName, NextToken }));
      doors.push(
        ...(found.StackResourceSummaries ?? []).flatMap(({ ResourceType = '' }) => doorTypes[ResourceType] ?? []),
      );
      if (found.NextToken === undefined) break;
      NextToken = found.NextToken;
    }
    return doors;
  });
  client.destroy();
  return answer;
}
