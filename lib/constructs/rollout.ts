import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { type Alarm, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type ILambdaDeploymentConfig,
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
  TimeBasedCanaryTrafficRouting,
} from 'aws-cdk-lib/aws-codedeploy';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { deploymentApplicationName, functionName, liveAlias } from '../../core/config/resource-names.ts';
import type { FunctionPart } from '../../core/config/settings.ts';
import { limits } from '../../core/limits/limits.ts';
import { alarm, alarmsOf } from '../alarm.ts';
import { period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import type { BundledFunction } from './bundled-function.ts';

export interface RolloutProps extends RegionPlan {
  readonly functions: Readonly<Record<FunctionPart, BundledFunction>>;
}

/**
 * Alarms that a bad version of a function would raise, by runbook heading. While one rings, no deployment of the
 * function starts. One that begins to ring stops the deployment and takes it back.
 */
const stoppedBy: Readonly<Record<FunctionPart, readonly string[]>> = {
  track: ['track-errors', 'requests-failing', 'unconfirmed', 'conversions-refused', 'probe-missing'],
  store: ['store-errors', 'nothing-stored', 'intake-old', 'dead-letters', 'probe-missing'],
  replay: ['replay-errors', 'replay-not-running', 'dead-letters'],
  audit: ['audit-errors', 'audit-not-running', 'probe-missing'],
  // Not by `figures-old`: while the first release with this alarm is deployed, no run reports an age yet.
  stats: ['stats-errors'],
  ledger: ['ledger-errors', 'segments-unreadable'],
  // Not by alarms on partners, who can be down while a good version is deployed.
  notify: ['notify-errors', 'notify-not-running'],
};

/** `-c urgent=true` is for a version that ends the very trouble which keeps deployments from starting. */
const urgentFlag = 'urgent';

/**
 * Lets a new version of each function take a part of the work first, and takes the version back when it does badly.
 * Make it after everything that has an alarm.
 */
export class Rollout extends Construct {
  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    const parts = Object.keys(stoppedBy) as FunctionPart[];
    for (const part of parts) this.errorsAlarm(part, props);
    const application = new LambdaApplication(this, 'Application', {
      applicationName: deploymentApplicationName(props.config),
    });
    const role = this.role(props);
    for (const part of parts) {
      const group = new LambdaDeploymentGroup(this, `${part}Group`, {
        application,
        role,
        deploymentGroupName: functionName(props.config, part),
        alias: props.functions[part].alias,
        deploymentConfig: this.isUrgent() ? LambdaDeploymentConfig.ALL_AT_ONCE : this.canary(part),
        ignoreAlarmConfiguration: this.isUrgent(),
        alarms: this.alarmsNamed(stoppedBy[part]),
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
      // The way a version is rolled out must be in force before that version is.
      props.functions[part].alias.node.addDependency(group);
    }
  }

  private errorsAlarm(part: FunctionPart, props: RolloutProps): void {
    alarm(this, `${part}-errors`, props, {
      severity: 'ticket',
      says: `Invocations of ${part} end in an error or in a time-out.`,
      metric: props.functions[part].handler.metricErrors({ period, statistic: Stats.SUM }),
      when: { atLeast: 1 },
      silence: 'is well',
    });
  }

  /**
   * AWS's own policy lets CodeDeploy move the alias of every function in the account. The library would add that policy
   * to the role, so the role is handed on as one that takes no further policies.
   */
  private role({ config, functions, resources }: RolloutProps) {
    const { account } = config;
    const aliases = Object.keys(functions).flatMap((part) => {
      const arn = `arn:aws:lambda:${resources.home}:${account}:function:${functionName(config, part as FunctionPart)}`;
      return [arn, `${arn}:${liveAlias}`];
    });
    const statements = [
      new PolicyStatement({
        actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
        resources: aliases,
      }),
      // CloudWatch shows composite alarms only to those who may ask for all:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      inlinePolicies: { Rollout: new PolicyDocument({ statements }) },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'CloudWatch tells of composite alarms only to who may ask for every alarm. The right tells the state of alarms and changes nothing.',
    });
    return role.withoutPolicyUpdates();
  }

  private alarmsNamed(kinds: readonly string[]): Alarm[] {
    const alarms = alarmsOf(Stack.of(this));
    return kinds.map((kind) => {
      const found = alarms.find(({ node }) => node.id === kind);
      if (found === undefined) throw new Error(`${Stack.of(this).stackName} has no alarm ${kind}`);
      return found;
    });
  }

  private canary(part: FunctionPart): ILambdaDeploymentConfig {
    const { minutes, percent } = limits.rollout;
    return new LambdaDeploymentConfig(this, `${part}Canary`, {
      trafficRouting: new TimeBasedCanaryTrafficRouting({
        interval: Duration.minutes(minutes),
        percentage: percent[part],
      }),
    });
  }

  private isUrgent(): boolean {
    return this.node.tryGetContext(urgentFlag) === 'true';
  }
}
