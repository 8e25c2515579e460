import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { alertStateKey } from '../core/alerts/alert-state.ts';
import { capCountsKey } from '../core/caps/cap-counts.ts';
import { closedCapsKey } from '../core/caps/closed-caps.ts';
import { switchKey } from '../core/capture/switches.ts';
import { operatorKeysKey } from '../core/keys/operator-keys.ts';
import { sumsPrefix } from '../core/ledger/object-keys.ts';
import { closedPeriodsKey } from '../core/periods/closed-periods.ts';
import type { QueueResource, RegionResources } from './region-resources.ts';

/**
 * Who may do what, on one page. Statements are spelled out, because the library's grant methods give more than is asked
 * for. A queue's `grantSendMessages` also grants GetQueueUrl, a bucket's `grantPut` DeleteObject. Each function may
 * also write to its own log group; bundled-function.ts grants that.
 */

export function trackGrants(resources: RegionResources): PolicyStatement[] {
  return [
    // GetQueueAttributes is the call that opens the connection during init, before the first click.
    allow(['sqs:SendMessage', 'sqs:GetQueueAttributes'], arns(resources.homeIntake, resources.peerIntake)),
    allow(['s3:PutObject'], logObjects(resources)),
    allow(
      ['s3:GetObject'],
      [...catalogObjects(resources), ...closedCaps(resources), ...storageSwitch(resources), ...peerShift(resources)],
    ),
    tellsMissing(resources),
  ];
}

export function storeGrants(resources: RegionResources): PolicyStatement[] {
  return [
    // What the event source mapping does in the function's name.
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arns(resources.homeIntake)),
    allow(['s3:PutObject'], logObjects(resources)),
    allow(['s3:GetObject'], storageSwitch(resources)),
    tellsMissing(resources),
    allow(['sqs:SendMessage'], arns(...failureQueues(resources), resources.homeDeadLetters)),
  ];
}

export function replayGrants(resources: RegionResources): PolicyStatement[] {
  return [
    allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      arns(...failureQueues(resources), resources.homeIntake),
    ),
    allow(['sqs:SendMessage'], arns(...failureQueues(resources), resources.homeDeadLetters)),
    allow(['s3:PutObject'], logObjects(resources)),
    allow(['s3:GetObject'], storageSwitch(resources)),
    tellsMissing(resources),
  ];
}

/** Reads both logs and copies from one to the other. Needs no queue and no table. */
export function auditGrants(resources: RegionResources): PolicyStatement[] {
  return [
    allow(['s3:ListBucket'], logBuckets(resources)),
    allow(['s3:PutObject', 's3:GetObject'], logObjects(resources)),
    allow(['s3:GetObject'], storageSwitch(resources)),
  ];
}

/**
 * Folds home's log into home's figures. The peer's log stands in for segments that home cannot give. Counts caps, and
 * tells both regions which are closed.
 */
export function statsGrants(resources: RegionResources): PolicyStatement[] {
  return [
    // A segment that is gone must be told apart from one that cannot be read, also in the peer's log.
    allow(['s3:ListBucket'], logBuckets(resources)),
    // Compare-and-swap needs the right to read what it replaces:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    allow(['s3:GetObject'], [...logObjects(resources), homeLedgerObjects(resources), ...operatorKeys(resources)]),
    allow(
      ['s3:GetObject'],
      [
        ...catalogObjects(resources),
        homeSums(resources),
        ...ownCaps(resources),
        ...peersCaps(resources),
        ...peerShift(resources),
        ...homeShift(resources),
      ],
    ),
    allow(['s3:PutObject'], [homeLedgerObjects(resources), ...ownCaps(resources)]),
    looksUpConversions(resources),
  ];
}

/** Folds as `stats` does, and compares its figures with the peer's. */
export function ledgerGrants(resources: RegionResources): PolicyStatement[] {
  return [
    allow(['s3:ListBucket'], logBuckets(resources)),
    allow(
      ['s3:GetObject'],
      [
        ...[...logObjects(resources), ...ledgerObjects(resources), ...operatorKeys(resources)],
        ...[homeSums(resources), closedPeriods(resources)],
      ],
    ),
    allow(['s3:PutObject'], [homeLedgerObjects(resources), homeSums(resources)]),
    looksUpConversions(resources),
  ];
}

/** Further rights of `notify`: it looks for alerts, and tells the alarm address. */
export function alertGrants(resources: RegionResources): PolicyStatement[] {
  return [
    allow(['s3:GetObject'], [...alertStates(resources), homeCapCounts(resources)]),
    allow(['s3:PutObject'], alertStates(resources)),
    allow(['sns:Publish'], [resources.homeAlarmTopic.arn]),
  ];
}

/**
 * Reads home's outbox, what clicks said, and both catalogs. Writes the states of postbacks to both buckets, and events to
 * the intake queues. It reaches partners by the internet, which needs no right.
 */
export function notifyGrants(resources: RegionResources): PolicyStatement[] {
  return [
    tellsMissing(resources),
    allow(
      ['s3:GetObject'],
      [homeLedgerObjects(resources), ...catalogObjects(resources), ...postbackObjects(resources)],
    ),
    allow(['s3:PutObject'], postbackObjects(resources)),
    allow(['sqs:SendMessage'], arns(resources.homeIntake, resources.peerIntake)),
  ];
}

function looksUpConversions({ homeFigures }: RegionResources): PolicyStatement {
  return allow(['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], [homeFigures.arn]);
}

function failureQueues(resources: RegionResources): QueueResource[] {
  return [
    resources.homeQueueOwedHome,
    resources.homeQueueOwedPeer,
    resources.peerQueueOwedHome,
    resources.peerQueueOwedPeer,
  ];
}

/**
 * S3 answers 403 for a missing object to those who may not list the bucket. A missing switch must be told apart from
 * one that cannot be read: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function tellsMissing(resources: RegionResources): PolicyStatement {
  return allow(['s3:ListBucket'], logBuckets(resources));
}

function logBuckets({ homeBucket, peerBucket }: RegionResources): string[] {
  return [homeBucket.arn, peerBucket.arn];
}

export function logObjects(resources: RegionResources): string[] {
  return [`${resources.homeBucket.arn}/log/*`, `${resources.peerBucket.arn}/log/*`];
}

/** Figures and what they are made of. The peer's are only read, for comparison. */
export function ledgerObjects(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/ledger/*`);
}

export function homeLedgerObjects({ homeBucket }: RegionResources): string {
  return `${homeBucket.arn}/ledger/*`;
}

/** Sums of days and months, with which longer caps begin. */
export function homeSums({ homeBucket }: RegionResources): string {
  return `${homeBucket.arn}/${sumsPrefix}*`;
}

/** What an operator has invoiced. */
function closedPeriods({ homeBucket }: RegionResources): string {
  return `${homeBucket.arn}/${closedPeriodsKey}`;
}

export function catalogObjects(resources: RegionResources): string[] {
  return [`${resources.homeBucket.arn}/catalog/*`, `${resources.peerBucket.arn}/catalog/*`];
}

/** The object of this region at home, and both copies of the peer's. */
function closedCaps({ homeBucket, peerBucket, home, peer }: RegionResources): string[] {
  const ofPeer = closedCapsKey(peer);
  return [`${homeBucket.arn}/${closedCapsKey(home)}`, `${homeBucket.arn}/${ofPeer}`, `${peerBucket.arn}/${ofPeer}`];
}

/** What `notify` knows of postbacks. */
export function postbackObjects(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/postbacks/*`);
}

/** Which alerts were told. */
function alertStates(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/${alertStateKey}`);
}

/** Both copies of the public keys of operators. */
function operatorKeys(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/${operatorKeysKey}`);
}

/** Both copies of the storage switch of this region. */
function storageSwitch(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/${switchKey('storage', resources.home)}`);
}

/** Both copies of what this region's `stats` says about caps. */
function ownCaps(resources: RegionResources): string[] {
  const keys = [closedCapsKey(resources.home), capCountsKey(resources.home)];
  return logBuckets(resources).flatMap((arn) => keys.map((key) => `${arn}/${key}`));
}

function homeCapCounts({ homeBucket, home }: RegionResources): string {
  return `${homeBucket.arn}/${capCountsKey(home)}`;
}

/** Both copies of what the peer's `stats` counted. */
function peersCaps(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/${capCountsKey(resources.peer)}`);
}

/** Both copies of this region's own shift switch. A region that is shifted away leaves caps to the peer. */
function homeShift(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/${switchKey('shift', resources.home)}`);
}

/** Both copies of the peer's shift switch: this region answers for the peer. */
function peerShift(resources: RegionResources): string[] {
  return logBuckets(resources).map((arn) => `${arn}/${switchKey('shift', resources.peer)}`);
}

/** Tells the security rules that the role below `scope` may reach all objects under these prefixes on purpose. */
export function acknowledgePrefixes(scope: IConstruct, prefixes: readonly string[]): void {
  for (const prefix of prefixes) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${prefix}]`,
      reason:
        'Objects are named by their content, so no name is known when the role is made: one prefix of one bucket is as narrow as it can be.',
    });
  }
}

function arns(...queues: QueueResource[]): string[] {
  return queues.map(({ arn }) => arn);
}

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}
