import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { FunctionTemplate, QueueTemplate, RegionTemplate } from '../local/template/region-template.ts';
import type { Deployment } from './deployment.ts';
import type { Moto } from './moto.ts';

/** What moto's CloudFormation made of the templates, beside what local/template/ reads from them. */

interface Compared {
  readonly compared: number;
  readonly differences: readonly string[];
}

export async function deployedDifferences({ moto, synthesized, templates }: Deployment): Promise<Compared> {
  const all: Compared[] = [];
  for (const template of templates) {
    all.push(await resourcesOf(moto, synthesized.assembly, template));
    all.push(await functionsOf(moto, template));
    all.push(await queuesOf(moto, template));
  }
  const compared = all.reduce((sum, one) => sum + one.compared, 0);
  return { compared, differences: all.flatMap(({ differences }) => differences) };
}

const templateFile = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) });
const stackResources = z.array(z.object({ LogicalResourceId: z.string(), PhysicalResourceId: z.string().optional() }));

/** Each resource of the template must be in the stack, with a physical id. */
async function resourcesOf(moto: Moto, assembly: string, { region, stackName }: RegionTemplate): Promise<Compared> {
  const file = readFileSync(join(assembly, `${stackName}.template.json`), 'utf8');
  const wanted = Object.entries(templateFile.parse(JSON.parse(file)).Resources);
  const asked = ['--stack-name', stackName, '--query', 'StackResources', '--output', 'json'];
  const answer = await moto.aws('cloudformation', 'describe-stack-resources', '--region', region, ...asked);
  const made = new Map(stackResources.parse(JSON.parse(answer)).map((one) => [one.LogicalResourceId, one]));
  const problems = wanted.flatMap(([id, { Type }]) => {
    const resource = made.get(id);
    if (resource === undefined) return [`${Type} is not made`];
    return resource.PhysicalResourceId === undefined ? [`${Type} has no physical id`] : [];
  });
  return { compared: wanted.length, differences: [...new Set(problems)] };
}

async function functionsOf(moto: Moto, { region, functions }: RegionTemplate): Promise<Compared> {
  const client = new LambdaClient(clientOptions(moto, region));
  const differences: string[] = [];
  for (const template of functions) {
    const made = await client.send(new GetFunctionConfigurationCommand({ FunctionName: template.name }));
    const found = {
      handler: made.Handler,
      runtime: made.Runtime,
      memoryMegabytes: made.MemorySize,
      timeoutSeconds: made.Timeout,
      environment: made.Environment?.Variables ?? {},
    };
    differences.push(...fieldDifferences(template.name, wantedOf(template), found));
  }
  client.destroy();
  return { compared: functions.length * 5, differences };
}

function wantedOf({ handler, runtime, memoryMegabytes, timeoutSeconds, environment }: FunctionTemplate): object {
  return { handler, runtime, memoryMegabytes, timeoutSeconds, environment };
}

async function queuesOf(moto: Moto, { region, account, queues }: RegionTemplate): Promise<Compared> {
  const client = new SQSClient({ ...clientOptions(moto, region), useQueueUrlAsEndpoint: false });
  const differences: string[] = [];
  for (const template of queues) {
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${template.name}`;
    const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    differences.push(...fieldDifferences(template.name, attributesOf(template), Attributes));
  }
  client.destroy();
  return { compared: queues.length * 4, differences };
}

function attributesOf(template: QueueTemplate): object {
  const { redrive } = template;
  return {
    VisibilityTimeout: `${template.visibilityTimeoutSeconds}`,
    MessageRetentionPeriod: `${template.retentionSeconds}`,
    MaximumMessageSize: `${template.messageBytesMax}`,
    RedrivePolicy:
      redrive &&
      JSON.stringify({ deadLetterTargetArn: redrive.deadLetterArn, maxReceiveCount: redrive.receiveCountMax }),
  };
}

/** The values can be keys, so none is printed. */
export function fieldDifferences(name: string, wanted: object, found: object): readonly string[] {
  const there = new Map(Object.entries(found));
  return Object.entries(wanted)
    .filter(([field, value]) => !isDeepStrictEqual(parsed(value), parsed(there.get(field))))
    .map(([field]) => `${name}: ${field} is not what the template says`);
}

/** The order of the keys in an attribute that is JSON means nothing. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value;
}

/** `region` of a server that stands for all regions. */
export function clientOptions({ url }: Moto, region: string) {
  const credentials = { accessKeyId: 'second-opinion', secretAccessKey: 'second-opinion' };
  return { region, endpoint: url, credentials, maxAttempts: 1 };
}
