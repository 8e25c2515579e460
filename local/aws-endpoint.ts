import { randomUUID } from 'node:crypto';
import type { FunctionCaller } from './endpoint/caller.ts';
import { type Endpoint, startEndpoint } from './endpoint/endpoint.ts';
import type { PortUse } from './listen.ts';
import type { LocalWorld } from './local-world.ts';
import { managementServices } from './management-services.ts';
import type { RegionStores } from './region-stores.ts';
import type { RunningRegion } from './running-region.ts';
import type { Secrets } from './secrets.ts';
import type { BucketConfiguration, PolicyStatement, RegionTemplate } from './template/region-template.ts';
import { createDynamoDbService, type DynamoDbServiceOptions } from './wire/dynamodb.ts';
import { globalServices } from './wire/global-services.ts';
import { createS3Service } from './wire/s3.ts';
import { createSnsService } from './wire/sns.ts';
import { createSqsService } from './wire/sqs.ts';

export interface AwsEndpointParts {
  readonly world: LocalWorld;
  readonly stores: readonly RegionStores[];
  readonly secrets: Secrets;
  /** Regions are added while they start, because each needs the endpoint's URL first. */
  readonly regions: readonly RunningRegion[];
  readonly port: PortUse;
  readonly onSurprise: (error: unknown) => void;
}

/** The AWS endpoint for the stores of all regions. It checks the policies of all their functions. */
export function startAwsEndpoint(parts: AwsEndpointParts): Promise<Endpoint> {
  const { world, stores, regions, port, onSurprise } = parts;
  const startedAtMs = world.time.nowMs();
  const buckets = stores.flatMap(({ template, buckets: own }) =>
    own.map((bucket, index) => ({
      region: template.region,
      bucket,
      configuration: configurationOf(template, index),
      createdAtMs: startedAtMs,
    })),
  );
  const queues = stores.flatMap((one) => [...one.queues.values()]);
  return startEndpoint({
    ...world,
    port,
    services: [
      createS3Service(buckets),
      createSqsService({ queues, startedAtMs, requestId: randomUUID }),
      createSnsService({ topics: stores.flatMap(({ topics }) => topics), requestId: randomUUID }),
      createDynamoDbService({ scopeOf: tableScopes(stores, startedAtMs), requestId: randomUUID }),
      ...managementServices(parts),
      ...globalServices(),
    ],
    policyOf: (caller) => policyOf(stores, caller),
    kill: ({ region, functionName, environmentNumber }) =>
      void regions.find((one) => one.region === region)?.host.kill(functionName, environmentNumber),
    onSurprise,
  });
}

function tableScopes(stores: readonly RegionStores[], createdAtMs: number): DynamoDbServiceOptions['scopeOf'] {
  return (region) => {
    const one = stores.find(({ template }) => template.region === region);
    return one && { region, account: one.template.account, tables: one.tables, createdAtMs };
  };
}

function policyOf(
  stores: readonly RegionStores[],
  { region, functionName }: FunctionCaller,
): readonly PolicyStatement[] {
  const template = stores.find((one) => one.template.region === region)?.template;
  return template?.functions.find(({ name }) => name === functionName)?.policy ?? [];
}

/** Buckets are opened in the order of their templates. */
function configurationOf({ buckets, stackName }: RegionTemplate, index: number): BucketConfiguration {
  const configuration = buckets[index]?.configuration;
  if (!configuration) throw new Error(`${stackName}: there is no template of bucket ${index}`);
  return configuration;
}
