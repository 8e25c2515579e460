import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnEventSourceMapping, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';

/**
 * Lets nothing begin to work before everything else of the stack is there: no schedule, no mapping of a queue, and no
 * traffic by the shared name. When a first create fails, CloudFormation then finds a bucket that nobody has written to,
 * and can remove it. The dashboard stands between: it is made after all others, and before what begins.
 */
export function beginLast(stack: Stack): void {
  const resources = stack.node.findAll().filter((one) => CfnResource.isCfnResource(one));
  const dashboard = resources.find((one) => one instanceof CfnDashboard);
  if (dashboard === undefined) throw new Error(`${stack.stackName} has no dashboard`);
  const beginning = resources.filter(begins);
  const others = resources.filter((one) => !beginning.includes(one) && !isForRule(one) && one !== dashboard);
  for (const one of others) dashboard.addResourceDependency(one);
  for (const one of beginning) one.addResourceDependency(dashboard);
}

function begins(resource: CfnResource): boolean {
  const isShared = resource instanceof CfnRecordSet && resource.setIdentifier !== undefined;
  return resource instanceof CfnRule || resource instanceof CfnEventSourceMapping || isShared;
}

/** The permission for a rule to invoke a function names the rule, so it comes after it. */
function isForRule(resource: CfnResource): boolean {
  return resource instanceof CfnPermission && resource.principal === 'events.amazonaws.com';
}
