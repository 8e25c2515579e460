import { beforeAll, describe, expect, test } from 'vitest';
import { configOf, domain, regions, templatesOf } from './templates.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Types of which an instance that is replaced or deleted takes data along. */
const holdsData = new Set([
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::Logs::LogGroup',
  'AWS::DynamoDB::Table',
  'AWS::SecretsManager::Secret',
]);

/**
 * Each with the id that CloudFormation knows it by. To CloudFormation another id is another resource: it would leave
 * the old one behind, with what is in it, and fail to make a new one under the same name. So none of these may change
 * once it was deployed, whatever is moved or renamed in lib/.
 */
const kept = ([home, peer]: readonly [string, string]) => ({
  EventLogBucket7DE35D8B: `clicks-log-123456789012-${home}`,
  IntakeDeadLettersA15864BB: 'clicks-dead-letters',
  IntakeQueue6FB53B87: 'clicks-intake',
  FiguresTable74D6F988: 'clicks-figures',
  FailureQueuesOwedHomeC435C2C8: `clicks-failure-${home}`,
  FailureQueuesOwedPeerFB7983E5: `clicks-failure-${peer}`,
  TrackFunctionLogs692F8200: '/aws/lambda/clicks-track',
  StoreFunctionLogsB3EC11A7: '/aws/lambda/clicks-store',
  ReplayFunctionLogs4EAFD3E1: '/aws/lambda/clicks-replay',
  AuditFunctionLogs5C75712D: '/aws/lambda/clicks-audit',
  StatsFunctionLogs7D4B1D56: '/aws/lambda/clicks-stats',
  LedgerFunctionLogs5B70A35B: '/aws/lambda/clicks-ledger',
  NotifyFunctionLogs6AC72214: '/aws/lambda/clicks-notify',
});

/**
 * Alarms that were made beside another function than the one they stand beside now. CloudFormation makes an alarm of a
 * new id before it deletes the old one, and fails because the name is taken (docs/decisions/0013).
 */
const keptAlarms = {
  TrackthrottlenearDDE5FE19: 'clicks-throttle-near',
  Replayprobemissing98B42A36: 'clicks-probe-missing',
  Replayprobeinonelog870DB376: 'clicks-probe-in-one-log',
  Replaypeersilent41CA79B0: 'clicks-peer-silent',
  Replaysequencegap48446B61: 'clicks-sequence-gap',
  Replayrepairbehind155A75D4: 'clicks-repair-behind',
};

test.each([0, 1] as const)('alarms of stack %i that moved keep their logical ids', (index) => {
  const alarms = templatesOf(configOf())[index].findResources('AWS::CloudWatch::Alarm');
  const names = Object.keys(keptAlarms).map((id) => [id, alarms[id]?.['Properties'].AlarmName]);
  expect(Object.fromEntries(names)).toEqual(keptAlarms);
});

/**
 * All names by which visitors come in, their proofs and their checks. Under another id CloudFormation makes each of them
 * again beside the one that serves, and fails because a domain or a record of that name exists.
 */
const keptWays = (home: string) => ({
  TrackHttpApiFF5E10D2: 'clicks-track',
  TrackHttpApiDefaultStageE0178C11: '$default',
  DomainOwnCertificateFFBAAB5C: `${home}.go.example.com`,
  DomainOwnDomain941D35B4: `${home}.go.example.com`,
  DomainOwnRecordsAF3024117: `${home}.go.example.com.`,
  DomainOwnRecordsAAAA86CD7E1A: `${home}.go.example.com.`,
  DomainSharedCertificate57DDBD39: 'go.example.com',
  DomainSharedDomain90351D70: 'go.example.com',
  DomainSharedRecordsA7B7F7B95: 'go.example.com.',
  DomainSharedRecordsAAAA07A4710B: 'go.example.com.',
  DomainHealthCanCapture17B8106E: 'HTTPS_STR_MATCH',
  DomainHealthNotDrained43189B6E: 'HTTPS_STR_MATCH',
  DomainHealthVerdict25069B26: 'CALCULATED',
});

test.each([0, 1] as const)('the ways into stack %i keep their logical ids, also beside a second door', (index) => {
  const both = { secondFrontDoor: 'alb', concurrency: { account: 3_000, track: 1_000 } };
  for (const doors of [{}, both]) {
    const { Resources } = templatesOf(configOf({ domain, ...doors }))[index].toJSON();
    const ways = Object.entries<Resource>(Resources).filter(([, { Type }]) =>
      /::(Api|Stage|Certificate|DomainName|RecordSet|HealthCheck)$/.test(Type),
    );
    const named = ways.map(([id, { Properties }]) => [
      id,
      Properties['Name'] ??
        Properties['StageName'] ??
        Properties['DomainName'] ??
        (Properties['HealthCheckConfig'] as { Type: string }).Type,
    ]);
    expect(Object.fromEntries(named)).toEqual(keptWays(regions[index]));
  }
});

describe.each([
  [0, regions],
  [1, [regions[1], regions[0]] as const],
] as const)('what holds data in stack %i', (index, homeAndPeer) => {
  let resources: Readonly<Record<string, Resource>>;
  let holding: readonly (readonly [string, Resource])[];

  beforeAll(() => {
    resources = (templatesOf(configOf())[index].toJSON() as { Resources: Record<string, Resource> }).Resources;
    holding = Object.entries(resources).filter(([, { Type }]) => holdsData.has(Type));
  });

  test('stays when it is taken out of the template, when it would be replaced, and when the stack goes', () => {
    for (const [logicalId, { DeletionPolicy, UpdateReplacePolicy }] of holding) {
      expect([logicalId, DeletionPolicy, UpdateReplacePolicy]).toEqual([logicalId, 'RetainExceptOnCreate', 'Retain']);
    }
  });

  test('keeps its logical id, by which an update finds it', () => {
    const named = holding.map(([logicalId, { Properties }]) => [
      logicalId,
      Properties['BucketName'] ?? Properties['QueueName'] ?? Properties['TableName'] ?? Properties['LogGroupName'],
    ]);
    expect(Object.fromEntries(named)).toEqual(kept(homeAndPeer));
  });
});
