import { S3Client } from '@aws-sdk/client-s3';
import { startEndpoint } from '../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import { anyPort } from '../../local/listen.ts';
import { BucketModel } from '../../local/model/bucket.ts';
import { memoryBucketStore } from '../../local/model/bucket-store.ts';
import type { ModelTime } from '../../local/model/time.ts';
import { createS3Service } from '../../local/wire/s3.ts';
import { plainConfiguration } from '../local/wire/plain-configuration.ts';

/** What the contract runs against: our own S3, or any other whose versioned bucket the environment names. */
export interface ContractEndpoint {
  readonly client: S3Client;
  readonly bucket: string;
  close(): Promise<void>;
}

const region = process.env['CONTRACT_S3_REGION'] ?? 'us-east-1';

export async function openContractEndpoint(): Promise<ContractEndpoint> {
  const given = process.env['CONTRACT_S3_ENDPOINT'];
  if (given === undefined) return openOurOwn();
  const bucket = process.env['CONTRACT_S3_BUCKET'] ?? 'keeptrack-contract';
  const client = new S3Client({ region, endpoint: given, forcePathStyle: true, maxAttempts: 1 });
  return { client, bucket, close: async () => client.destroy() };
}

async function openOurOwn(): Promise<ContractEndpoint> {
  const time: ModelTime = { nowMs: Date.now, after: laterTask };
  const bucket = new BucketModel({ name: 'keeptrack-contract', versioned: true, time, store: memoryBucketStore() });
  const endpoint = await startEndpoint({
    port: anyPort,
    services: [createS3Service([{ region, bucket, configuration: plainConfiguration, createdAtMs: Date.now() }])],
    faults: new FaultBoard({ time, chance: () => 0 }),
    time,
    chance: () => 0,
    policyOf: () => [],
    kill: () => {},
    onSurprise: (error) => console.error(error),
  });
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
  const client = new S3Client({ region, endpoint: endpoint.url, forcePathStyle: true, maxAttempts: 1, credentials });
  return {
    client,
    bucket: bucket.name,
    async close() {
      client.destroy();
      await endpoint.close();
    },
  };
}

function laterTask(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}
