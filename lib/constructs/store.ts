import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits } from '../../core/limits.ts';
import { functionName } from '../../core/resource-names.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, logObjects, storeGrants } from '../grants.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';

export interface StoreProps extends RegionPlan {
  readonly intake: IQueue;
}

/** `store` and the mapping that hands it the intake queue's messages in batches. */
export class Store extends Construct {
  readonly function: BundledFunction;

  constructor(scope: Construct, id: string, { config, places, intake }: StoreProps) {
    super(scope, id);
    this.function = new BundledFunction(this, 'Function', {
      part: 'store',
      functionName: functionName(config, 'store'),
      environment: environmentOf('store', config, places),
      grants: storeGrants(places),
      memoryMegabytes: limits.store.memoryMegabytes,
      timeoutSeconds: limits.store.timeoutSeconds,
    });
    acknowledgePrefixes(this.function, logObjects(places));
    new EventSourceMapping(this, 'IntakeMapping', {
      target: this.function.handler,
      eventSourceArn: intake.queueArn,
      batchSize: limits.store.batchSizeMax,
      maxBatchingWindow: Duration.seconds(limits.store.batchWindowSeconds),
      maxConcurrency: limits.store.concurrencyMax,
      reportBatchItemFailures: true,
    });
  }
}
