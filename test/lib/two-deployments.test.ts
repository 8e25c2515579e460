import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { appOf, configOf, templatesOf } from './templates.ts';

/** Two deployments in one account and the same two regions share nothing that AWS knows by a name. */

type Properties = Readonly<Record<string, unknown>>;

/**
 * By type: the property that is, or belongs to, the name by which AWS knows a resource in an account. The others get a
 * name from CloudFormation, made of the stack's, or belong to a resource that is listed here.
 */
const named: Readonly<Record<string, (properties: Properties) => unknown>> = {
  'AWS::ApiGatewayV2::Api': ({ Name }) => Name,
  'AWS::ApiGatewayV2::DomainName': ({ DomainName }) => DomainName,
  'AWS::Athena::WorkGroup': ({ Name }) => Name,
  'AWS::CertificateManager::Certificate': ({ DomainName }) => DomainName,
  'AWS::CloudWatch::Alarm': ({ AlarmName }) => AlarmName,
  'AWS::CloudWatch::Dashboard': ({ DashboardName }) => DashboardName,
  'AWS::CodeDeploy::Application': ({ ApplicationName }) => ApplicationName,
  'AWS::CodeDeploy::DeploymentGroup': ({ DeploymentGroupName }) => DeploymentGroupName,
  'AWS::DynamoDB::Table': ({ TableName }) => TableName,
  'AWS::Glue::Database': ({ DatabaseInput }) => (DatabaseInput as Properties)['Name'],
  'AWS::Glue::Table': ({ DatabaseName }) => DatabaseName,
  'AWS::Lambda::Function': ({ FunctionName }) => FunctionName,
  'AWS::Logs::LogGroup': ({ LogGroupName }) => LogGroupName,
  'AWS::Route53::HealthCheck': ({ HealthCheckTags }) => JSON.stringify(HealthCheckTags),
  'AWS::Route53::RecordSet': ({ Name, Type }) => `${Name} ${Type}`,
  'AWS::S3::Bucket': ({ BucketName }) => BucketName,
  'AWS::SNS::Topic': ({ TopicName }) => TopicName,
  'AWS::SQS::Queue': ({ QueueName }) => QueueName,
};

/** What would be a name if anybody gave it, and what must not be there: a name that CloudFormation cannot keep apart. */
const unnamed: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::ApiMapping': [],
  'AWS::ApiGatewayV2::Integration': [],
  'AWS::ApiGatewayV2::Route': [],
  'AWS::ApiGatewayV2::Stage': [],
  'AWS::CodeDeploy::DeploymentConfig': ['DeploymentConfigName'],
  'AWS::Events::Rule': ['Name'],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::Lambda::Alias': [],
  'AWS::Lambda::EventInvokeConfig': [],
  'AWS::Lambda::EventSourceMapping': [],
  'AWS::Lambda::Permission': [],
  'AWS::Lambda::Version': [],
  'AWS::S3::BucketPolicy': [],
  'AWS::SNS::TopicPolicy': [],
  'AWS::SQS::QueuePolicy': [],
};

const first = deployment('keeptrack');

describe.each([
  ['staging', 'a name that has nothing in common with the first'],
  ['keeptrack-stats', 'the name of one of its queues'],
  ['keeptrack-us-east-1', 'the name of one of its dashboards'],
  ['keeptrack-log', 'the beginning of its buckets'],
  ['keeptrack2', 'one that begins like it'],
])('a deployment %s, %s, beside keeptrack', (name) => {
  const second = deployment(name);

  test('has stacks of its own', () => {
    expect(second.stacks.filter((stack) => first.stacks.includes(stack))).toEqual([]);
  });

  test('has no physical name in common with it', () => {
    expect(second.names.length).toBe(first.names.length);
    expect(second.names.filter((one) => first.names.includes(one))).toEqual([]);
  });
});

test('a deployment staging says the name of keeptrack nowhere, in no right and no reference', () => {
  const text = JSON.stringify(deployment('staging').templates);
  // Stacks, the namespace of metrics and titles begin with a capital letter; two words are what health checks look for.
  expect([...text.matchAll(/.{0,30}keeptrack(?!-ok|-drained).{0,30}/g)].map(([found]) => found)).toEqual([]);
});

describe('stacks', () => {
  test('of the deployment keeptrack keep the names that they have always had', () => {
    expect(first.stacks).toEqual(['Keeptrack-us-east-1', 'Keeptrack-eu-west-1']);
  });

  test('of any other one carry its name', () => {
    expect(deployment('staging').stacks).toEqual(['Keeptrack-staging-us-east-1', 'Keeptrack-staging-eu-west-1']);
  });

  test('that an older release made for another name are kept by their prefix, and everything in them', () => {
    const moved = deployment('staging', { stackPrefix: 'Keeptrack' });
    expect(moved.stacks).toEqual(['Keeptrack-us-east-1', 'Keeptrack-eu-west-1']);
    expect(moved.names).toEqual(deployment('staging').names);
  });

  test.each([{ name: 'keeptrack' }, { name: 'staging' }, { name: 'staging', stackPrefix: 'Keeptrack' }])(
    '%j belong to who made them: CloudFormation refuses a template of another name',
    (overrides) => {
      for (const template of templatesOf(configOf(overrides))) {
        const { Parameters, Rules } = template.toJSON();
        // What `cdk deploy` sends for a stack that has this parameter already is its value of before.
        expect(Parameters.DeploymentName).toMatchObject({ Type: 'String', Default: overrides.name });
        const [{ Assert, AssertDescription }] = Rules.StackOfThisDeployment.Assertions;
        expect(Assert).toEqual({ 'Fn::Equals': [{ Ref: 'DeploymentName' }, overrides.name] });
        expect(AssertDescription).toContain(`another deployment than ${overrides.name}`);
        // CloudFormation takes no update that changes nothing, and the parameter would not get into a stack of before.
        template.hasOutput('Deployment', { Value: overrides.name });
      }
    },
  );
});

function deployment(name: string, overrides: object = {}) {
  const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: `${name}.example.com` };
  const config = configOf({ name, domain, ...overrides });
  const templates = templatesOf(config);
  return {
    stacks: appOf(config).node.children.flatMap(({ node }) => (node.id.startsWith('Keeptrack') ? [node.id] : [])),
    templates: templates.map((template) => template.toJSON()),
    names: templates.flatMap((template, index) => namesIn(template, config.regions[index] ?? '')),
  };
}

/** `region type name`; names that are one list for all regions are told apart by it all the less. */
function namesIn(template: Template, region: string): string[] {
  const resources = Object.entries(
    template.toJSON().Resources as Record<string, { Type: string; Properties: Properties }>,
  );
  return resources.flatMap(([id, { Type, Properties = {} }]) => {
    const name = named[Type]?.(Properties);
    if (name !== undefined) return [`${region} ${Type} ${name}`];
    const mayName = unnamed[Type];
    if (mayName === undefined) throw new Error(`${id}: say here whether ${Type} has a name`);
    expect(mayName.filter((property) => property in Properties)).toEqual([]);
    return [];
  });
}
