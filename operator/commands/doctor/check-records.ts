import {
  GetAccountLimitCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { FrontDoorKind } from '../../../core/config/front-doors.ts';
import { regionalName } from '../../../core/config/resource-names.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { type Finding, unreadable } from './finding.ts';

/** A record of a name, as far as the doctor looks. */
interface RecordFacts {
  readonly type: string;
  /** The region, in a record that both regions share. */
  readonly setIdentifier: string | undefined;
  /** Where an alias leads. */
  readonly leadsTo: string | undefined;
}

interface ZoneName {
  readonly name: string;
  readonly zoneName: string;
  readonly zoneId: string;
  /** The region whose own name it is. Undefined for a name that both share. */
  readonly ownRegion?: string;
}

/**
 * The hosted zones and what stands in them under our names, and the health checks of the account. `deployed` are the
 * regions whose stacks are there, or could not be read: records of a region that is ill must not look foreign. Findings are about `both` regions, because Route 53 has no regions.
 */
export async function checkRecords(deployment: Deployment, deployed: readonly string[]): Promise<readonly Finding[]> {
  const names = namesInZones(deployment);
  if (names.length === 0) return [];
  const client = new Route53Client(deployment.clientOptions(deployment.regions[0]));
  const zones = [...new Map(names.map((one) => [one.zoneId, one])).values()];
  const found = await Promise.all([
    ...zones.map((zone) => checkZone(client, zone)),
    ...names.map(async (one) => {
      const records = await awsAnswer(() => recordsOf(client, one));
      if (records.kind === 'failed') return [unreadable('both', `record of ${one.name}`, records.reason)];
      return judgeRecords(one, records.value, deployed, deployment.regions);
    }),
    checkHealthChecks(client, deployment.regions.length - deployed.length),
  ]);
  client.destroy();
  return found.flat();
}

function namesInZones({ config }: Deployment): readonly ZoneName[] {
  const { domain, trackingNames = [], regions } = config;
  if (domain === undefined) return [];
  const { record, zoneName, zoneId } = domain;
  const own = regions.map((region) => ({ name: regionalName(record, region), zoneName, zoneId, ownRegion: region }));
  return [
    { name: record, zoneName, zoneId },
    ...own,
    ...trackingNames.flatMap((one) => ('zoneId' in one ? [one] : [])),
  ];
}

async function checkZone(client: Route53Client, { zoneId, zoneName }: ZoneName): Promise<readonly Finding[]> {
  const zone = await awsAnswer(async () => (await client.send(new GetHostedZoneCommand({ Id: zoneId }))).HostedZone);
  const what = `hosted zone ${zoneId}`;
  const todo = 'correct zoneId or zoneName in the config (docs/deploy.md, "Before the first deploy")';
  if (zone.kind === 'failed') {
    if (zone.code !== 'NoSuchHostedZone') return [unreadable('both', what, zone.reason)];
    return [{ region: 'both', what, expected: `the zone ${zoneName}`, found: 'none', todo }];
  }
  const found = zone.value?.Name?.replace(/\.$/, '') ?? 'none';
  const kind = zone.value?.Config?.PrivateZone ? 'a private zone' : found;
  return kind === zoneName ? [] : [{ region: 'both', what, expected: `the zone ${zoneName}`, found: kind, todo }];
}

/** Records of one name follow each other. */
const recordsMax = 20;

async function recordsOf(client: Route53Client, { zoneId, name }: ZoneName): Promise<readonly RecordFacts[]> {
  const { ResourceRecordSets = [] } = await client.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: recordsMax }),
  );
  return ResourceRecordSets.filter(({ Name }) => Name === `${name}.`).map(factsOf);
}

function factsOf({ Type, SetIdentifier, AliasTarget }: ResourceRecordSet): RecordFacts {
  return { type: Type ?? '', setIdentifier: SetIdentifier, leadsTo: AliasTarget?.DNSName };
}

const addressTypes = new Set(['A', 'AAAA', 'CNAME']);

/** CloudFormation never takes over a record that it did not make: the deploy would fail. */
function judgeRecords(
  { name, ownRegion }: Pick<ZoneName, 'name' | 'ownRegion'>,
  records: readonly RecordFacts[],
  deployed: readonly string[],
  regions: readonly string[],
): readonly Finding[] {
  const isOurs = ({ setIdentifier }: RecordFacts) => {
    const region = ownRegion ?? setIdentifier ?? '';
    return regions.includes(region) && deployed.includes(region);
  };
  const others = records.filter((record) => addressTypes.has(record.type) && !isOurs(record));
  if (others.length === 0) return [];
  const found = others.map(({ type, setIdentifier }) => (setIdentifier ? `${type} (${setIdentifier})` : type));
  const todo =
    'remove it in the moment of the deploy, when nothing needs it any more: until then its visitors go where it leads';
  return [
    {
      region: 'both',
      what: `record of ${name}`,
      expected: 'none but those of our stacks',
      found: found.join(', '),
      todo,
    },
  ];
}

const checksOfRegion = 3;

async function checkHealthChecks(client: Route53Client, newRegions: number): Promise<readonly Finding[]> {
  const what = 'health checks of the account';
  const answer = await awsAnswer(() => client.send(new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' })));
  if (answer.kind === 'failed') return [unreadable('both', what, answer.reason)];
  const { Limit, Count: used = 0 } = answer.value;
  const needed = used + newRegions * checksOfRegion;
  if (Limit?.Value === undefined || Limit.Value >= needed) return [];
  const todo = 'ask for more in Service Quotas (Route 53, health checks)';
  return [{ region: 'both', what, expected: `at least ${needed}`, found: String(Limit.Value), todo }];
}

/**
 * The door to which a region's own name leads. Undefined when there is no such record, or none of ours. The name's
 * records are aliases of the door itself.
 */
export async function doorOfRecord(
  deployment: Deployment,
  region: string,
): Promise<AwsAnswer<FrontDoorKind | undefined>> {
  const name = namesInZones(deployment).find(({ ownRegion }) => ownRegion === region);
  if (!name) return { kind: 'ok', value: undefined };
  const client = new Route53Client(deployment.clientOptions(region));
  const records = await awsAnswer(() => recordsOf(client, name));
  client.destroy();
  return records.kind === 'failed' ? records : { kind: 'ok', value: doorOf(records.value) };
}

function doorOf(records: readonly RecordFacts[]): FrontDoorKind | undefined {
  const targets = records.flatMap(({ leadsTo }) => leadsTo ?? []);
  if (targets.some((target) => /\.elb\.amazonaws\.com\.$/.test(target))) return 'alb';
  return targets.some((target) => /\.execute-api\.[a-z0-9-]+\.amazonaws\.com\.$/.test(target)) ? 'http-api' : undefined;
}
