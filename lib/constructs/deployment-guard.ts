import { CfnOutput, CfnParameter, CfnRule, Fn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DeployConfig } from '../../core/config/deploy-config.ts';

/**
 * Makes CloudFormation refuse to put one deployment over another one's stack. `cdk deploy` keeps the value of a
 * parameter that the stack already has. So the value is the name of whoever deployed the stack first. A rule compares
 * it with the name in this template. CloudFormation checks rules before it creates or updates any resource:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export class DeploymentGuard extends Construct {
  constructor(scope: Construct, id: string, { name }: DeployConfig) {
    super(scope, id);
    const owner = new CfnParameter(this, 'Owner', {
      default: name,
      description: 'The deployment that this stack belongs to. Leave it as it is.',
    });
    owner.overrideLogicalId('DeploymentName');
    const rule = new CfnRule(this, 'Rule', {
      assertions: [
        {
          assert: Fn.conditionEquals(owner.valueAsString, name),
          assertDescription: `This stack belongs to another deployment than ${name}. Nothing was changed. Give ${name} stacks of its own: docs/deploy.md, "Several deployments in one account".`,
        },
      ],
    });
    rule.overrideLogicalId('StackOfThisDeployment');
    // A stack without the parameter takes it over only with a change that CloudFormation sees.
    new CfnOutput(this, 'Output', { value: name }).overrideLogicalId('Deployment');
  }
}
