import { isShiftedAway, readSwitchCopy, switchKey } from '../../core/capture/switches.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import { startEndpoint } from '../../local/endpoint/endpoint.ts';
import { FaultBoard } from '../../local/fault/fault-board.ts';
import { createFunctionLogs } from '../../local/lambda-host/function-logs.ts';
import { anyPort } from '../../local/listen.ts';
import { BucketModel } from '../../local/model/bucket.ts';
import { type BucketStore, memoryBucketStore } from '../../local/model/bucket-store.ts';
import { createQueues } from '../../local/model/region-queues.ts';
import { SecretStore } from '../../local/model/secret-store.ts';
import { Tables } from '../../local/model/table/tables.ts';
import { createDynamoDbService } from '../../local/wire/dynamodb.ts';
import { createLogsService } from '../../local/wire/logs.ts';
import { createS3Service } from '../../local/wire/s3.ts';
import { createSecretsManagerService } from '../../local/wire/secretsmanager.ts';
import { createSqsService } from '../../local/wire/sqs.ts';
import { processShell } from '../../operator/cli/process-shell.ts';
import { type Deployment, openDeployment } from '../../operator/clients/deployment.ts';
import type { Http, HttpAnswer } from '../../operator/clients/http-client.ts';
import { indexTable } from '../../simulation/index-table.ts';
import { SimulatedTime } from '../../simulation/simulated-time.ts';
import { plainConfiguration } from '../local/wire/plain-configuration.ts';
import { sampleMs } from '../sample-lines.ts';
import { type Circumstances, type Finished, runKeeptrack } from './command-under-test.ts';

/**
 * What commands talk to, in one process and without functions: the log buckets, intake queues, conversion indexes and
 * function logs of two regions behind the local endpoint, and the pages by which `track` tells how a region is. Time jumps whenever a command
 * waits.
 */

export const [east, west] = ['us-east-1', 'us-west-2'] as const;
const regions = [east, west] as const;
type Region = (typeof regions)[number];

const account = '111122223333';
const config = {
  name: 'kt',
  account,
  regions,
  domain: { record: 'go.example.com', zoneId: 'Z0123456789ABC', zoneName: 'example.com' },
};
const urlOf = (region: string) => `http://${region}.go.example.com`;
const nameUrl = 'http://go.example.com';
/** Port 80 of the name and of the regions has addresses of its own, as in the local cloud. */
const port80 = (url: string) => url.replace('http://', 'http://port80.');
export const isPort80 = (origin: string) => origin.startsWith('http://port80.');

/** `serve` answers every other request to a region. */
export async function startSmallCloud(serve: Http = async () => notFound) {
  const time = new SimulatedTime(sampleMs);
  const chance = seededChance(1);
  const faults = new FaultBoard({ time, chance });
  const byRegion = <Value>(make: (region: Region) => Value): Record<Region, Value> => ({
    [east]: make(east),
    [west]: make(west),
  });
  /** Keys of what was written, as `<region of the bucket> <key>`, in order. */
  const written: string[] = [];
  const buckets = byRegion((region) => {
    const append: BucketStore['append'] = (record) =>
      record.kind === 'add' && record.version.kind === 'object' && written.push(`${region} ${record.version.key}`);
    const store = { ...memoryBucketStore(), append };
    return new BucketModel({ name: `kt-log-${account}-${region}`, versioned: true, time, store });
  });
  const arnOf = (region: string) => `arn:aws:sqs:${region}:${account}:kt-intake`;
  const queues = createQueues(
    regions.map((region) => ({ ...intake, arn: arnOf(region) })),
    { time, chance },
  );
  const logs = byRegion(() => createFunctionLogs(() => time.nowMs()));
  const secrets = byRegion(() => new SecretStore({ time, chance }));
  /** Of the conversion indexes, which are empty. */
  const tables = byRegion((region) => new Tables([indexTable('kt-figures', region).settings]));
  const requestId = () => 'request-1';
  const endpoint = await startEndpoint({
    ...{ port: anyPort, faults, time, chance, policyOf: () => [], kill: () => {} },
    services: [
      createS3Service(
        regions.map((region) => ({
          ...{ region, bucket: buckets[region], configuration: plainConfiguration, createdAtMs: 0 },
        })),
      ),
      createDynamoDbService({
        requestId,
        scopeOf: (region) => {
          const found = regions.find((one) => one === region);
          return found && { region, account, tables: tables[found], createdAtMs: 0 };
        },
      }),
      createSecretsManagerService((region) => {
        const found = regions.find((one) => one === region);
        return found && { region, account, store: secrets[found] };
      }, requestId),
      createSqsService({ queues: [...queues.values()], startedAtMs: 0, requestId }),
      createLogsService((region) => {
        const found = regions.find((one) => one === region);
        return found && { region, account, functionNames: ['kt-track', 'kt-notify'], lines: logs[found].lines };
      }, requestId),
    ],
    onSurprise: (error) => {
      throw error;
    },
  });

  const isDead = (region: string) => faults.strikes({ region, service: 'http' }).length > 0;
  const isDrained = (region: Region) => {
    const held = buckets[region === east ? west : east].get(switchKey('shift', region));
    const fetched = held.kind === 'ok' ? { kind: 'ok' as const, value: { body: held.value.body, etag: '' } } : missing;
    const copy = readSwitchCopy('shift', region, fetched);
    return copy.kind === 'switch' && isShiftedAway(copy.value);
  };
  /** Where the tracking name leads whatever happens; undefined = where health checks would lead it. */
  const name: { stuckAt?: Region } = {};
  const leadsTo = () => name.stuckAt ?? regions.find((region) => !isDead(region) && !isDrained(region)) ?? east;
  const http: Http = async (request) => {
    const { origin, target } = request;
    if (target === '/api/state')
      return page({
        urls: {
          ...{ name: nameUrl, endpoint: endpoint.url, region: byRegion(urlOf) },
          overHttp: { name: port80(nameUrl), region: byRegion((one) => port80(urlOf(one))) },
        },
      });
    const asked443 = origin.replace('//port80.', '//');
    const region = asked443 === nameUrl ? leadsTo() : regions.find((one) => urlOf(one) === asked443);
    if (region === undefined || isDead(region)) return { status: 0, error: 'ECONNRESET', headers: {}, body: '' };
    if (target === '/health') return page({ health: 'keeptrack-ok', region });
    const asked = regions.find((one) => one !== region && target === `/drained/${one}`);
    if (asked === undefined) return serve(request);
    return page({ drained: isDrained(asked) ? 'keeptrack-drained' : 'no', region: asked });
  };
  const clock = { nowMs: () => time.nowMs(), sleep: async (durationMs: number) => time.freeze(durationMs) };

  return {
    time,
    faults,
    buckets,
    secrets,
    logs,
    written,
    name,
    /** As a command opens it. */
    deployment: async (): Promise<Deployment> => {
      const shell = { ...processShell, ...silent, http, clock, readFile: () => JSON.stringify(config) };
      const opened = await openDeployment({ config: 'keeptrack.config.json', local: 'http://console.test' }, shell);
      if (!opened) throw new Error('the small cloud has no deployment');
      return opened;
    },
    /** What a command is configured by, for a run with files of its own. */
    configFile: { 'keeptrack.config.json': JSON.stringify(config) },
    /** Bodies in the intake queue of a region. */
    intake: (region: string) =>
      queues
        .get(arnOf(region))
        ?.messages()
        .map(({ body }) => body) ?? [],
    calls: (region: string) => endpoint.tally.calls(region),
    /** No service and no page of the region answers. */
    kill: (region: string) => faults.add({ region, service: 'region', effect: 'reset' }),
    run: (command: string, circumstances: Circumstances = {}): Promise<Finished> =>
      runKeeptrack([...command.split(' '), '--local', 'http://console.test'], {
        ...{ http, clock, ...circumstances },
        files: { 'keeptrack.config.json': JSON.stringify(config), ...circumstances.files },
      }),
    close: () => endpoint.close(),
  };
}

export type SmallCloud = Awaited<ReturnType<typeof startSmallCloud>>;

const silent = { out: () => {}, error: () => {}, progress: () => {}, ask: async () => '', exitWith: () => {} };
const notFound: HttpAnswer = { status: 404, error: '', headers: {}, body: '' };
const missing = { kind: 'failed', answer: { status: 404, code: 'NoSuchKey' } } as const;

const intake = {
  ...{ name: 'kt-intake', visibilityTimeoutSeconds: 30, retentionSeconds: 3_600, receiveWaitSeconds: 0 },
  ...{ delaySeconds: 0, messageBytesMax: 1_048_576 },
};

function page(body: object): HttpAnswer {
  return { status: 200, error: '', headers: {}, body: JSON.stringify(body) };
}
