import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { DeployConfig } from '../../core/config/deploy-config.ts';
import { alarmName, alarmTopicName } from '../../core/config/resource-names.ts';

/**
 * The topic of a region's alarms and alerts. It is not encrypted at rest: CloudWatch could publish only by way of a KMS
 * key of ours. An alarm says nothing secret. An alert names offers, affiliates and figures, and no person. Both leave as
 * mails anyway.
 */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, config: DeployConfig) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { topicName: alarmTopicName(config), enforceSSL: true });
    // This policy replaces the default one, which lets everything in the account publish. `notify` publishes by the policy
    // of its role, which is enough within an account.
    this.topic.addToResourcePolicy(publishedByAlarms(this.topic, config, Stack.of(this).region));
    if (config.alarmAddress) this.topic.addSubscription(new EmailSubscription(config.alarmAddress));
  }
}

function publishedByAlarms(topic: Topic, config: DeployConfig, region: string): PolicyStatement {
  const alarms = `arn:aws:cloudwatch:${region}:${config.account}:alarm:${alarmName(config, '*')}`;
  return new PolicyStatement({
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { ArnLike: { 'aws:SourceArn': alarms }, StringEquals: { 'aws:SourceAccount': config.account } },
  });
}
