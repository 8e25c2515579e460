import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { switchKey } from '../core/capture/switches.ts';
import type { Places, QueuePlace } from './places.ts';

/**
 * Who may do what, on one page. Statements are spelled out instead of using the library's grant methods, which give
 * more than is asked for (a queue's `grantSendMessages` also grants GetQueueUrl, a bucket's `grantPut` DeleteObject).
 * Each function may also write to its own log group, which bundled-function.ts grants.
 */

export function trackGrants(places: Places): PolicyStatement[] {
  return [
    // GetQueueAttributes is the call that opens the connection during init, before the first click.
    allow(['sqs:SendMessage', 'sqs:GetQueueAttributes'], arns(places.homeIntake, places.peerIntake)),
    allow(['s3:PutObject'], logObjects(places)),
    allow(['s3:GetObject'], [...catalogObjects(places), ...storageSwitch(places), ...peerShift(places)]),
    tellsMissing(places),
  ];
}

export function storeGrants(places: Places): PolicyStatement[] {
  return [
    // What the event source mapping does in the function's name.
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arns(places.homeIntake)),
    allow(['s3:PutObject'], logObjects(places)),
    allow(['s3:GetObject'], storageSwitch(places)),
    tellsMissing(places),
    allow(['sqs:SendMessage'], arns(...failureQueues(places), places.homeDeadLetters)),
  ];
}

export function replayGrants(places: Places): PolicyStatement[] {
  return [
    allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      arns(...failureQueues(places), places.homeIntake),
    ),
    allow(['sqs:SendMessage'], arns(...failureQueues(places), places.homeDeadLetters)),
    allow(['s3:PutObject', 's3:GetObject'], logObjects(places)),
    allow(['s3:GetObject'], storageSwitch(places)),
    allow(['s3:ListBucket'], logBuckets(places)),
    // Counting what `stats` could not count.
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'], arns(places.homeStatsFailure)),
    counts(places),
  ];
}

/** DynamoDB knows no right to a transaction: whoever writes one needs the right to each write in it. */
export function statsGrants(places: Places): PolicyStatement[] {
  return [
    // What the event source mapping does in the function's name.
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arns(places.homeStats)),
    allow(['s3:GetObject'], [homeLogObjects(places)]),
    // A segment that is gone is told apart from one that cannot be read.
    allow(['s3:ListBucket'], [places.homeBucket.arn]),
    counts(places),
    allow(['sqs:SendMessage'], arns(places.homeStatsFailure, places.homeDeadLetters)),
  ];
}

/** Marker and counters of a chunk, claims of conversions, the directory of the day. */
function counts({ homeFigures }: Places): PolicyStatement {
  return allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [homeFigures.arn]);
}

export function ledgerGrants(places: Places): PolicyStatement[] {
  return [
    allow(['s3:ListBucket'], logBuckets(places)),
    allow(['s3:GetObject'], [...logObjects(places), ...ledgerObjects(places)]),
    allow(['s3:PutObject'], [homeLedgerObjects(places)]),
    allow(
      [
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ],
      [places.homeFigures.arn],
    ),
  ];
}

function failureQueues(places: Places): QueuePlace[] {
  return [places.homeQueueOwedHome, places.homeQueueOwedPeer, places.peerQueueOwedHome, places.peerQueueOwedPeer];
}

/**
 * Who may not list a bucket is answered 403 for an object that is not there, and a switch that is missing must be told
 * apart from one that cannot be read: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function tellsMissing(places: Places): PolicyStatement {
  return allow(['s3:ListBucket'], logBuckets(places));
}

function logBuckets({ homeBucket, peerBucket }: Places): string[] {
  return [homeBucket.arn, peerBucket.arn];
}

export function logObjects(places: Places): string[] {
  return [`${places.homeBucket.arn}/log/*`, `${places.peerBucket.arn}/log/*`];
}

export function homeLogObjects({ homeBucket }: Places): string {
  return `${homeBucket.arn}/log/*`;
}

/** Manifests and final figures; the peer's are only read, to compare with. */
export function ledgerObjects(places: Places): string[] {
  return logBuckets(places).map((arn) => `${arn}/ledger/*`);
}

function homeLedgerObjects({ homeBucket }: Places): string {
  return `${homeBucket.arn}/ledger/*`;
}

export function catalogObjects(places: Places): string[] {
  return [`${places.homeBucket.arn}/catalog/*`, `${places.peerBucket.arn}/catalog/*`];
}

/** Both copies of what an operator tells this region about its buckets. */
function storageSwitch(places: Places): string[] {
  return logBuckets(places).map((arn) => `${arn}/${switchKey('storage', places.home)}`);
}

/** Both copies of whether the peer shall be left: this region answers for it. */
function peerShift(places: Places): string[] {
  return logBuckets(places).map((arn) => `${arn}/${switchKey('shift', places.peer)}`);
}

/** Tells the security rules that the role below `scope` is meant to reach all objects under these prefixes. */
export function acknowledgePrefixes(scope: IConstruct, prefixes: readonly string[]): void {
  for (const prefix of prefixes) {
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${prefix}]`,
      reason:
        'Objects are named by their content, so no name is known when the role is made: one prefix of one bucket is as narrow as it can be.',
    });
  }
}

function arns(...queues: QueuePlace[]): string[] {
  return queues.map(({ arn }) => arn);
}

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}
