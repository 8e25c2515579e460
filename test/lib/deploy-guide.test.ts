import { existsSync, readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { configOf, regions, templatesOf } from './templates.ts';

const guide = readFileSync('docs/deploy.md', 'utf8');

let templates: readonly [Template, Template];
beforeAll(() => {
  templates = templatesOf(configOf());
});

describe('deploying again over what a tear-down left', () => {
  const [, mapping = ''] = /^cat > import\.json <<END\n([\s\S]*?)^END$/m.exec(guide) ?? [];

  test.each([
    [0, regions[0], regions[1]],
    [1, regions[1], regions[0]],
  ] as const)('imports exactly what stack %i keeps, under its names', (index, home, peer) => {
    const names: Record<string, string> = { NAME: 'clicks', ACCOUNT: '123456789012', REGION: home, PEER: peer };
    const written = mapping.replace(/\$([A-Z]+)/g, (_, name: string) => names[name] ?? '');
    expect(JSON.parse(written)).toEqual(keptBy(templates[index], home));
  });
});

test('the table of what takes a version back is what CodeDeploy watches', () => {
  const rows = [...guide.matchAll(/^\| `(\w+)` \|.*\| all \| (.*) \|$/gm)].map(([, part = '', kinds = '']) => [
    part,
    [...kinds.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind),
  ]);
  expect(Object.fromEntries(rows)).toEqual(watchedBy(templates[0]));
});

describe('commands in the guide', () => {
  test('of npm are scripts and scenarios that exist', () => {
    const drills = [...guide.matchAll(/npm run drill -- ([\w-]+)/g)].map(([, name]) => name);
    expect(drills.length).toBeGreaterThan(0);
    for (const name of drills) expect(existsSync(`drill/scenarios/${name}.yaml`)).toBe(true);
  });

  test('use no names but those that the guide sets', () => {
    const used = new Set([...guide.matchAll(/\$([A-Z]+)/g)].map(([, name]) => name));
    const set = [...guide.matchAll(/\b(?:for )?([A-Z]+)(?:=| in )/g)].map(([, name]) => name);
    for (const name of used) expect(set).toContain(name);
  });
});

/** Logical id to what CloudFormation knows the resource by when it is imported. */
function keptBy(template: Template, home: string): Record<string, object> {
  const kept = (type: string, identify: (properties: Record<string, string>) => object) =>
    Object.entries(template.findResources(type)).map(([id, { Properties }]) => [id, identify(Properties)]);
  return Object.fromEntries([
    ...kept('AWS::S3::Bucket', ({ BucketName }) => ({ BucketName })),
    ...kept('AWS::SQS::Queue', ({ QueueName }) => ({
      QueueUrl: `https://sqs.${home}.amazonaws.com/123456789012/${QueueName}`,
    })),
    ...kept('AWS::DynamoDB::Table', ({ TableName }) => ({ TableName })),
    ...kept('AWS::Logs::LogGroup', ({ LogGroupName }) => ({ LogGroupName })),
  ]);
}

function watchedBy(template: Template): Record<string, string[]> {
  const alarms = template.findResources('AWS::CloudWatch::Alarm');
  const groups = Object.values(template.findResources('AWS::CodeDeploy::DeploymentGroup'));
  return Object.fromEntries(
    groups.map(({ Properties: { DeploymentGroupName, AlarmConfiguration } }) => [
      DeploymentGroupName.replace('clicks-', ''),
      AlarmConfiguration.Alarms.map(({ Name }: { Name: { Ref: string } }) =>
        alarms[Name.Ref]?.['Properties'].AlarmName.replace('clicks-', ''),
      ),
    ]),
  );
}
