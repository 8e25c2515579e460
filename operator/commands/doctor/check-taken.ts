import { ApiGatewayV2Client, GetDomainNameCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { liveDoors } from '../../../core/config/front-doors.ts';
import {
  deadLetterQueueName,
  failureQueueName,
  figuresTableName,
  functionName,
  intakeQueueName,
  logBucketName,
  regionalName,
  stackName,
} from '../../../core/config/resource-names.ts';
import { type FunctionPart, functionSettings } from '../../../core/config/settings.ts';
import { allNames } from '../../../core/config/tracking-names.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import { readStack } from '../../clients/deployed-stack.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck } from './region-check.ts';

/**
 * What a first deploy creates and somebody has already. CloudFormation then fails half way and rolls back. A stack that
 * is there owns its names.
 */
export const checkTaken: AccountCheck = async ({ deployment, region }) => {
  const stack = await readStack(deployment, region, stackName(deployment.config, region));
  if (stack.kind === 'failed' || stack.value !== undefined) return [];
  const looks = await Promise.all(looksOf(deployment, region));
  return looks.flatMap(([what, answer]) => judgeTaken(region, what, answer));
};

/** The answer of a call that succeeds when the name is taken. */
type Look = readonly [what: string, answer: AwsAnswer<unknown>];

function looksOf(deployment: Deployment, region: string): readonly Promise<Look>[] {
  const { config, clientOptions } = deployment;
  const options = clientOptions(region);
  const parts = Object.keys(functionSettings) as FunctionPart[];
  return [
    looked(`bucket ${logBucketName(config, region)}`, new S3Client(options), (client) =>
      client.send(new HeadBucketCommand({ Bucket: logBucketName(config, region) })),
    ),
    ...queueNames(config).map((QueueName) =>
      looked(`queue ${QueueName}`, new SQSClient(options), (client) =>
        client.send(new GetQueueUrlCommand({ QueueName })),
      ),
    ),
    looked(`table ${figuresTableName(config)}`, new DynamoDBClient(options), (client) =>
      client.send(new DescribeTableCommand({ TableName: figuresTableName(config) })),
    ),
    ...parts.flatMap((part) => [
      looked(`function ${functionName(config, part)}`, new LambdaClient(options), (client) =>
        client.send(new GetFunctionCommand({ FunctionName: functionName(config, part) })),
      ),
      looked(`log group of ${functionName(config, part)}`, new CloudWatchLogsClient(options), (client) =>
        logGroupOf(client, `/aws/lambda/${functionName(config, part)}`),
      ),
    ]),
    ...customDomains(config, region).map((DomainName) =>
      looked(`custom domain ${DomainName} of API Gateway`, new ApiGatewayV2Client(options), (client) =>
        client.send(new GetDomainNameCommand({ DomainName })),
      ),
    ),
  ];
}

function queueNames(config: DeployConfig): readonly string[] {
  const failureQueues = config.regions.map((region) => failureQueueName(config, region));
  return [intakeQueueName(config), ...failureQueues, deadLetterQueueName(config)];
}

function customDomains(config: DeployConfig, region: string): readonly string[] {
  if (!liveDoors(config).includes('http-api') || config.domain === undefined) return [];
  return [regionalName(config.domain.record, region), ...allNames(config)];
}

async function looked<Client extends { destroy(): void }>(
  what: string,
  client: Client,
  call: (client: Client) => Promise<unknown>,
): Promise<Look> {
  const answer = await awsAnswer(() => call(client));
  client.destroy();
  return [what, answer];
}

/** CloudWatch Logs lists by prefix, and answers an empty list for a name that nobody has. */
async function logGroupOf(client: CloudWatchLogsClient, logGroupName: string): Promise<void> {
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
  if (logGroups.some((group) => group.logGroupName === logGroupName)) return;
  throw Object.assign(new Error('no such log group'), { name: 'NotFound' });
}

/** The services' words for what is not there. A HEAD request has no body, so S3 has the status alone. */
const missing = /NotFound|DoesNotExist|NonExistentQueue|^404/;

function judgeTaken(region: string, what: string, answer: AwsAnswer<unknown>): readonly Finding[] {
  const finding = (found: string, todo: string): readonly Finding[] => [
    { region, what: `name that a first deploy needs: ${what}`, expected: 'free', found, todo },
  ];
  if (answer.kind === 'ok') {
    return finding(
      'taken',
      'import it, or delete it for good (docs/deploy.md, "Tear-down"), or give the deployment another name',
    );
  }
  if (missing.test(answer.code) || missing.test(answer.reason)) return [];
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html: bucket names are global.
  if (what.startsWith('bucket') && answer.reason.startsWith('403')) {
    const todo = 'look again with s3:ListBucket. If another account has it, give the deployment another name';
    return finding('403: another account has it, or you may not look', todo);
  }
  if (what.startsWith('bucket') && answer.reason.startsWith('301')) {
    return finding('a bucket in another region', 'delete that bucket, or give the deployment another name');
  }
  return [unreadable(region, what, answer.reason)];
}
