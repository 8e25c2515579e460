import type { GrantUse } from '../../local/handle.ts';
import { isDeadLetterQueue, isFailureQueue, isIntakeQueue } from './queue-role.ts';

/** One action on one kind of resource that a function's role grants, in both regions. */
export interface GrantRow {
  /** `track`, `store`, … */
  readonly function: string;
  readonly action: string;
  /** From the function's point of view: `home's log/*`, `peer's intake queue`, … */
  readonly resource: string;
  /** How many calls needed this grant. */
  readonly used: number;
}

/** The grants of one cloud and their use. Both regions' stacks grant the same, so their uses are added up. */
export function grantRows(uses: readonly GrantUse[], regions: readonly string[]): readonly GrantRow[] {
  return summedGrants(
    uses.map(({ region, functionName, action, resource, used }) => ({
      function: functionName.split('-').at(-1) ?? functionName,
      action,
      resource: resourceKind(resource, region, regions.find((other) => other !== region) ?? ''),
      used,
    })),
  );
}

/** Adds up rows of several drills or regions. */
export function summedGrants(rows: readonly GrantRow[]): readonly GrantRow[] {
  const sums = new Map<string, GrantRow>();
  for (const row of rows) {
    const name = grantName(row);
    sums.set(name, { ...row, used: row.used + (sums.get(name)?.used ?? 0) });
  }
  return [...sums.values()].sort((left, right) => grantName(left).localeCompare(grantName(right)));
}

/** Grants that were never used and have no excuse. */
export function unusedGrants(rows: readonly GrantRow[]): readonly GrantRow[] {
  return rows.filter((row) => row.used === 0 && excuseOf(row) === undefined);
}

/** Why a drill may never need this grant: AWS itself acts in the function's name, or no outage leads to the call. */
function excuseOf({ function: part, action, resource }: GrantRow): string | undefined {
  if (action === 'logs:CreateLogStream' || action === 'logs:PutLogEvents')
    return 'Lambda writes what the function prints';
  if (action === 'sqs:GetQueueAttributes' && part !== 'track')
    return 'Lambda reads the attributes of the queue of an event source mapping';
  if (part === 'stats' && action === 's3:ListBucket' && resource === peersBucket)
    return 'for a segment that home cannot give and the peer lacks, which no outage causes';
  return resource.endsWith(deadLetters) ? 'for poison, which only test/end-to-end sends' : undefined;
}

const deadLetters = 'dead-letter queue';
const peersBucket = "peer's log bucket";

/** One line of text for each row: the grant and how often it was used, or why it never is. */
export function grantLines(rows: readonly GrantRow[]): readonly string[] {
  const width = Math.max(0, ...rows.map((row) => grantName(row).length));
  return rows.map((row) => {
    const used = row.used === 0 ? (excuseOf(row) ?? 'NEVER USED') : String(row.used);
    return `${grantName(row).padEnd(width)}  ${used}`;
  });
}

export function grantName({ function: part, action, resource }: GrantRow): string {
  return `${part} ${action} ${resource}`;
}

/** The kind of a resource and its side, from the point of view of a function in `home`. */
function resourceKind(arn: string, home: string, peer: string): string {
  const [, , service, region, , ...rest] = arn.replaceAll(home, 'home').replaceAll(peer, 'peer').split(':');
  const name = rest.join(':');
  switch (service) {
    case 's3':
      return objectKind(name);
    case 'sqs':
      return `${region}'s ${queueKind(name)}`;
    case 'dynamodb':
      return `${region}'s conversion index`;
    case 'sns':
      return `${region}'s alarm topic`;
    case 'logs':
      return 'its own log group';
    default:
      return arn;
  }
}

function objectKind(bucketAndKey: string): string {
  const [bucket = '', ...key] = bucketAndKey.split('/');
  return `${bucket.endsWith('peer') ? 'peer' : 'home'}'s ${key.length === 0 ? 'log bucket' : key.join('/')}`;
}

function queueKind(name: string): string {
  if (isIntakeQueue(name)) return 'intake queue';
  if (isDeadLetterQueue(name)) return deadLetters;
  return isFailureQueue(name) ? `failure queue for ${name.endsWith('peer') ? 'peer' : 'home'}'s bucket` : name;
}
