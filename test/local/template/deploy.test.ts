import { describe, expect, test } from 'vitest';
import { changed, type MinimalTemplate, minimalTemplate, problemsOf, propertiesOf, read } from './minimal.ts';

type Resources = MinimalTemplate['Resources'];

const liveArn = { Ref: 'Live' };

/** As the CDK takes the name out of an alias's ARN for a mapping. */
const liveName = {
  'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ':live']],
};

/** Everything that invokes the function does so by its alias. */
function byAlias(change: (resources: Resources) => void = () => {}): MinimalTemplate {
  return changed((resources) => {
    resources['Version'] = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } };
    resources['Live'] = {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Function' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
      },
      UpdatePolicy: { CodeDeployLambdaAliasUpdate: { ApplicationName: { Ref: 'Application' } } },
    };
    resources['Application'] = {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ApplicationName: 'small', ComputePlatform: 'Lambda' },
    };
    resources['Group'] = {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        ApplicationName: { Ref: 'Application' },
        DeploymentGroupName: 'small',
        ServiceRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        AlarmConfiguration: { Enabled: true, Alarms: [] },
      },
    };
    propertiesOf(resources, 'Mapping')['FunctionName'] = liveName;
    propertiesOf(resources, 'Rule')['Targets'] = [{ Id: 'Target', Arn: liveArn, Input: '{"task":"count"}' }];
    propertiesOf(resources, 'Integration')['IntegrationUri'] = liveArn;
    propertiesOf(resources, 'RulePermission')['FunctionName'] = liveArn;
    propertiesOf(resources, 'ApiPermission')['FunctionName'] = liveArn;
    change(resources);
  });
}

describe('an alias', () => {
  test('stands for its function in mappings, schedules and routes', () => {
    const { functions, ...rest } = read(byAlias());
    const { functions: _, ...plain } = read(minimalTemplate());
    expect(rest).toEqual(plain);
    expect(functions.map(({ name, aliases }) => [name, aliases])).toEqual([['small', ['live']]]);
  });

  test.each(['RulePermission', 'ApiPermission'])(
    'is not opened by a permission (%s) for the function itself, as at AWS',
    (permission) => {
      const template = byAlias((resources) => {
        propertiesOf(resources, permission)['FunctionName'] = { Ref: 'Function' };
      });
      expect(problemsOf(template)).toEqual([
        expect.stringMatching(/no AWS::Lambda::Permission lets .* small:live for/),
      ]);
    },
  );

  test('does not open the function itself by its own permission', () => {
    const template = byAlias((resources) => {
      propertiesOf(resources, 'Rule')['Targets'] = [
        { Id: 'Target', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] }, Input: '{}' },
      ];
    });
    expect(problemsOf(template)).toEqual([expect.stringContaining('lets events.amazonaws.com invoke small for')]);
  });

  test('that nobody made is refused where it is named', () => {
    const template = byAlias((resources) => {
      propertiesOf(resources, 'Mapping')['FunctionName'] = 'small:other';
    });
    expect(problemsOf(template)).toEqual([expect.stringContaining('FunctionName: no small:other in the template')]);
  });

  test('of something that is no function is refused, and does not lead in a circle', () => {
    const template = byAlias((resources) => {
      propertiesOf(resources, 'Live')['FunctionName'] = liveArn;
    });
    expect(problemsOf(template)).toContainEqual(expect.stringContaining('Live is no function in the template'));
  });
});

test('a property of a deployment group that the local cloud does not know is refused', () => {
  const template = byAlias((resources) => {
    propertiesOf(resources, 'Group')['Novelty'] = true;
  });
  expect(problemsOf(template)).toEqual([expect.stringContaining('Novelty: the local cloud does not know it')]);
});
