import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FunctionPart, functionSettings } from '../../core/config/settings.ts';
import { configOf, regions, templatesOf } from './templates.ts';

let templates: readonly [Template, Template];

beforeAll(() => {
  templates = templatesOf(configOf());
});

describe.each([
  { home: regions[0], peer: regions[1], index: 0 },
  { home: regions[1], peer: regions[0], index: 1 },
] as const)('the stack of $home', ({ home, peer, index }) => {
  const queueArn = (region: string, name: string) => `arn:aws:sqs:${region}:123456789012:clicks-${name}`;
  const bucketArn = (region: string, path = '') => `arn:aws:s3:::clicks-log-123456789012-${region}${path}`;
  const both = (path: string) => [bucketArn(home, path), bucketArn(peer, path)].sort();
  const onTable = (...actions: string[]) => {
    const arn = `arn:aws:dynamodb:${home}:123456789012:table/clicks-figures`;
    return Object.fromEntries(actions.map((action) => [`dynamodb:${action}`, [arn]]));
  };
  const fourFailureQueues = [home, peer].flatMap((region) => [
    queueArn(region, `failure-${home}`),
    queueArn(region, `failure-${peer}`),
  ]);

  test('allows `track` to capture in both regions and to read the catalog, closed caps and its switches, nothing else', () => {
    expect(grantsOf('track')).toEqual({
      'sqs:SendMessage': [queueArn(home, 'intake'), queueArn(peer, 'intake')].sort(),
      'sqs:GetQueueAttributes': [queueArn(home, 'intake'), queueArn(peer, 'intake')].sort(),
      's3:PutObject': [bucketArn(home, '/log/*'), bucketArn(peer, '/log/*')].sort(),
      's3:GetObject': [
        ...both('/catalog/*'),
        bucketArn(home, `/caps/${home}.json`),
        ...both(`/caps/${peer}.json`),
        ...both(`/switches/storage/${home}.json`),
        ...both(`/switches/shift/${peer}.json`),
      ].sort(),
      's3:ListBucket': both(''),
    });
  });

  test('allows `store` to take from its intake queue, write both logs and send to failure queues, nothing else', () => {
    expect(grantsOf('store')).toEqual({
      'sqs:ReceiveMessage': [queueArn(home, 'intake')],
      'sqs:DeleteMessage': [queueArn(home, 'intake')],
      'sqs:GetQueueAttributes': [queueArn(home, 'intake')],
      's3:PutObject': [bucketArn(home, '/log/*'), bucketArn(peer, '/log/*')].sort(),
      's3:GetObject': both(`/switches/storage/${home}.json`),
      's3:ListBucket': both(''),
      'sqs:SendMessage': [...fourFailureQueues, queueArn(home, 'dead-letters')].sort(),
    });
  });

  test('allows `replay` to empty the failure queues of both regions and to write both logs, nothing else', () => {
    const taken = [...fourFailureQueues, queueArn(home, 'intake')].sort();
    expect(grantsOf('replay')).toEqual({
      'sqs:ReceiveMessage': taken,
      'sqs:DeleteMessage': taken,
      'sqs:ChangeMessageVisibility': taken,
      'sqs:SendMessage': [...fourFailureQueues, queueArn(home, 'dead-letters')].sort(),
      's3:PutObject': [bucketArn(home, '/log/*'), bucketArn(peer, '/log/*')].sort(),
      's3:GetObject': both(`/switches/storage/${home}.json`),
      's3:ListBucket': both(''),
    });
  });

  test('allows `audit` to compare the logs and to copy from one to the other, nothing else', () => {
    expect(grantsOf('audit')).toEqual({
      's3:ListBucket': both(''),
      's3:GetObject': [...both('/log/*'), ...both(`/switches/storage/${home}.json`)].sort(),
      's3:PutObject': both('/log/*'),
    });
  });

  test('allows `stats` to read both logs, make figures at home, look up conversions there and write what it says about caps, nothing else', () => {
    const ownCaps = [...both(`/caps/${home}.json`), ...both(`/caps/${home}-counts.json.gz`)];
    const shifts = [...both(`/switches/shift/${home}.json`), ...both(`/switches/shift/${peer}.json`)];
    const peersCaps = both(`/caps/${peer}-counts.json.gz`);
    const logs = [
      ...both('/log/*'),
      ...both('/operators/keys.json'),
      bucketArn(home, '/ledger/*'),
      bucketArn(home, '/sums/*'),
    ];
    expect(grantsOf('stats')).toEqual({
      's3:ListBucket': both(''),
      's3:GetObject': [...logs, ...both('/catalog/*'), ...ownCaps, ...peersCaps, ...shifts].sort(),
      's3:PutObject': [bucketArn(home, '/ledger/*'), ...ownCaps].sort(),
      ...onTable('BatchGetItem', 'UpdateItem'),
    });
  });

  test('allows `ledger` to read the same logs, sums, closed periods and the figures of the peer, and to make figures and sums at home, nothing else', () => {
    const logs = [...both('/log/*'), ...both('/operators/keys.json'), bucketArn(home, '/sums/*')];
    expect(grantsOf('ledger')).toEqual({
      's3:ListBucket': both(''),
      's3:GetObject': [...logs, ...both('/ledger/*'), bucketArn(home, '/periods/state.json')].sort(),
      's3:PutObject': [bucketArn(home, '/ledger/*'), bucketArn(home, '/sums/*')],
      ...onTable('BatchGetItem', 'UpdateItem'),
    });
  });

  test('allows `notify` to read home’s outbox and facts and both catalogs, to keep states, to send events and to tell the alarm address, nothing else', () => {
    const states = [...both('/alerts/state.json'), ...both('/postbacks/*')].sort();
    expect(grantsOf('notify')).toEqual({
      's3:ListBucket': both(''),
      's3:GetObject': [
        ...[...both('/catalog/*'), ...states, bucketArn(home, '/ledger/*')],
        bucketArn(home, `/caps/${home}-counts.json.gz`),
      ].sort(),
      's3:PutObject': states,
      'sns:Publish': [`arn:aws:sns:${home}:123456789012:clicks-alarms`],
      'sqs:SendMessage': [queueArn(home, 'intake'), queueArn(peer, 'intake')].sort(),
    });
  });

  test('lets each function write to its own log group, and gives no managed policy', () => {
    for (const part of Object.keys(functionSettings) as FunctionPart[]) {
      const [statement] = statementsOf(part).filter(({ Action }) => String(Action).includes('logs:'));
      const logGroup = functionOf(part).LoggingConfig.LogGroup.Ref;
      expect(statement?.Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
      expect(statement?.Resource).toEqual({ 'Fn::GetAtt': [logGroup, 'Arn'] });
    }
    templates[index].allResourcesProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    templates[index].resourceCountIs('AWS::IAM::Policy', 0);
  });

  function functionOf(part: FunctionPart) {
    const [found] = Object.values(
      templates[index].findResources('AWS::Lambda::Function', { Properties: { FunctionName: `clicks-${part}` } }),
    );
    return found?.['Properties'];
  }

  function statementsOf(part: FunctionPart): { Effect: string; Action: string | string[]; Resource: unknown }[] {
    const [roleId] = functionOf(part).Role['Fn::GetAtt'];
    const role = templates[index].findResources('AWS::IAM::Role')[roleId];
    return role?.['Properties'].Policies.flatMap(
      (policy: { PolicyDocument: { Statement: unknown[] } }) => policy.PolicyDocument.Statement,
    );
  }

  /** Each action, but for those on logs, with the resources it is allowed on. */
  function grantsOf(part: FunctionPart): Record<string, string[]> {
    const grants: Record<string, string[]> = {};
    for (const { Effect, Action, Resource } of statementsOf(part)) {
      expect(Effect).toBe('Allow');
      for (const action of [Action].flat().filter((name) => !name.startsWith('logs:'))) {
        grants[action] = [...(grants[action] ?? []), ...([Resource].flat() as string[])].sort();
      }
    }
    return grants;
  }
});

test('no policy and no resource name holds a wildcard in place of a name, but for the right to look at alarms', () => {
  const ofAlarms = '{"Action":"cloudwatch:DescribeAlarms","Effect":"Allow","Resource":"*"}';
  for (const template of templates) {
    const roles = JSON.stringify(template.findResources('AWS::IAM::Role'));
    expect(roles.replace(ofAlarms, '')).not.toMatch(/"Resource":\s*\[?"\*"/);
    expect(roles).not.toMatch(/"(s3|sqs|logs|lambda):\*"/);
  }
});
