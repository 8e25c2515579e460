import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../core/limits/limits.ts';
import { configOf, regions, templatesOf } from './templates.ts';

const parts = ['track', 'store', 'replay', 'audit', 'stats', 'ledger', 'notify'] as const;

type Resource = ReturnType<Template['findResources']>[string];
type Properties = Resource[string];

let template: Template;
let aliasIds: readonly string[];

beforeAll(() => {
  [template] = templatesOf(configOf());
  aliasIds = parts.map(aliasOf);
});

describe('a function', () => {
  test.each(parts)('%s has a published version and an alias `live` that leads to it', (part) => {
    const { Properties: alias } = resource(aliasOf(part));
    expect(alias.Name).toBe('live');
    const [versionId, attribute] = alias.FunctionVersion['Fn::GetAtt'];
    expect([resource(versionId)['Type'], attribute]).toEqual(['AWS::Lambda::Version', 'Version']);
  });

  test('keeps its older versions to go back to, and not one whose deployment was taken back', () => {
    const versions = Object.values(template.findResources('AWS::Lambda::Version'));
    expect(versions).toHaveLength(parts.length);
    for (const version of versions) {
      expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('gets another version when a setting changes that it reads, and no other time', () => {
    const [changed] = templatesOf(configOf({ capture: { viaQueueOneIn: 7 } }));
    const [same] = templatesOf(configOf({ retentionDays: 60 }));
    expect(versionsIn(same)).toEqual(versionsIn(template));
    const kept = versionsIn(changed).filter((id) => versionsIn(template).includes(id));
    expect(kept.map((id) => /^[A-Z][a-z]+/.exec(id)?.[0]).sort()).toEqual([
      'Audit',
      'Ledger',
      'Notify',
      'Stats',
      'Track',
    ]);
  });
});

describe('whatever invokes a function', () => {
  test.each([
    ['AWS::Lambda::EventSourceMapping', (properties: Properties) => [properties.FunctionName]],
    ['AWS::Lambda::Permission', (properties: Properties) => [properties.FunctionName]],
    ['AWS::Lambda::EventInvokeConfig', (properties: Properties) => [properties.Qualifier]],
    ['AWS::ApiGatewayV2::Integration', (properties: Properties) => [properties.IntegrationUri]],
    ['AWS::Events::Rule', (properties: Properties) => properties.Targets.map(({ Arn }: { Arn: unknown }) => Arn)],
  ])('(%s) does so by the alias', (type, named) => {
    const places = Object.values(template.findResources(type)).flatMap((one) => named(one['Properties']));
    expect(places.length).toBeGreaterThan(0);
    for (const place of places) {
      expect(aliasIds.some((id) => JSON.stringify(place).includes(`"Ref":"${id}"`))).toBe(true);
    }
  });
});

describe('a deployment', () => {
  test.each(parts)('of %s goes by CodeDeploy, which is changed before the version is', (part) => {
    const { UpdatePolicy, DependsOn } = resource(aliasOf(part));
    const groupId = idOf('AWS::CodeDeploy::DeploymentGroup', ({ DeploymentGroupName }) => {
      return DeploymentGroupName === `clicks-${part}`;
    });
    expect(UpdatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: resource(groupId)['Properties'].ApplicationName,
        DeploymentGroupName: { Ref: groupId },
      },
    });
    expect(DependsOn).toContain(groupId);
  });

  test.each(parts)('of %s does a part of the work first, for longer than its alarms need', (part) => {
    const { percent, minutes } = limits.rollout;
    expect(resource(groupOf(part).DeploymentConfigName.Ref)['Properties'].TrafficRoutingConfig).toEqual({
      Type: 'TimeBasedCanary',
      TimeBasedCanary: { CanaryInterval: minutes, CanaryPercentage: percent[part] },
    });
    expect(minutes).toBeGreaterThan(limits.alarms.requestsFailing.ofMinutes);
    expect(minutes).toBeGreaterThan(limits.alarms.replaySilentMinutes);
    expect(minutes).toBeGreaterThan(limits.alarms.auditSilentMinutes);
  });

  test.each([
    ['track', ['track-errors', 'requests-failing', 'unconfirmed', 'conversions-refused']],
    ['store', ['store-errors', 'nothing-stored', 'intake-old', 'dead-letters']],
    ['replay', ['replay-errors', 'replay-not-running', 'dead-letters']],
    ['audit', ['audit-errors', 'audit-not-running', 'probe-missing']],
    ['stats', ['stats-errors']],
    ['ledger', ['ledger-errors', 'segments-unreadable']],
    ['notify', ['notify-errors', 'notify-not-running']],
  ] as const)('of %s is stopped and taken back by the alarms that a bad version raises', (part, kinds) => {
    const { AlarmConfiguration, AutoRollbackConfiguration } = groupOf(part);
    const names = AlarmConfiguration.Alarms.map(({ Name }: { Name: { Ref: string } }) => {
      return resource(Name.Ref)['Properties'].AlarmName;
    });
    expect(names).toEqual(expect.arrayContaining(kinds.map((kind) => `clicks-${kind}`)));
    expect(AlarmConfiguration.Enabled).toBe(true);
    expect(AutoRollbackConfiguration).toEqual({
      Enabled: true,
      Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
    });
  });

  test('watches no more alarms than CodeDeploy takes', () => {
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
    for (const part of parts) expect(groupOf(part).AlarmConfiguration.Alarms.length).toBeLessThanOrEqual(10);
  });

  test.each(parts)('of %s is watched by the errors of the alias, which both versions have', (part) => {
    const alarmId = idOf('AWS::CloudWatch::Alarm', ({ AlarmName }) => AlarmName === `clicks-${part}-errors`);
    const { MetricName, Dimensions } = resource(alarmId)['Properties'];
    expect(MetricName).toBe('Errors');
    expect(JSON.stringify(Dimensions)).toContain(':live');
  });

  test('that is urgent asks no alarm and changes everything at once', () => {
    const [urgent] = templatesOf(configOf(), { urgent: 'true' });
    urgent.allResourcesProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
      AlarmConfiguration: { Enabled: false },
    });
    expect(versionsIn(urgent)).toEqual(versionsIn(template));
  });
});

test('CodeDeploy may move our aliases and look at alarms, nothing else', () => {
  const [roleId] = groupOf('track').ServiceRoleArn['Fn::GetAtt'];
  const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = resource(roleId)['Properties'];
  expect(AssumeRolePolicyDocument.Statement).toEqual([
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'codedeploy.amazonaws.com' } },
  ]);
  expect(ManagedPolicyArns).toBeUndefined();
  const functions = parts.map((part) => `arn:aws:lambda:${regions[0]}:123456789012:function:clicks-${part}`);
  const [{ PolicyDocument }] = Policies;
  expect(PolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      Resource: functions.flatMap((arn) => [arn, `${arn}:live`]).sort(),
    },
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html: composite alarms need the star.
    { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: '*' },
  ]);
});

function resource(logicalId: string): Resource {
  const found = (template.toJSON() as { Resources: Record<string, Resource> }).Resources[logicalId];
  if (found === undefined) throw new Error(`no resource ${logicalId}`);
  return found;
}

function idOf(type: string, isWanted: (properties: Properties) => boolean): string {
  const ids = Object.entries(template.findResources(type)).filter(([, one]) => isWanted(one['Properties']));
  expect(ids).toHaveLength(1);
  return ids[0]?.[0] ?? '';
}

function aliasOf(part: (typeof parts)[number]): string {
  const functionId = idOf('AWS::Lambda::Function', ({ FunctionName }) => FunctionName === `clicks-${part}`);
  return idOf('AWS::Lambda::Alias', ({ FunctionName }) => FunctionName.Ref === functionId);
}

function groupOf(part: (typeof parts)[number]): Properties {
  return resource(
    idOf('AWS::CodeDeploy::DeploymentGroup', ({ DeploymentGroupName }) => DeploymentGroupName === `clicks-${part}`),
  )['Properties'];
}

function versionsIn(of: Template): string[] {
  return Object.keys(of.findResources('AWS::Lambda::Version'));
}
