import { describe, expect, test } from 'vitest';
import { changed, minimalTemplate, policy, problemsOf, propertiesOf, read } from './minimal.ts';

describe('alarms and their topic', () => {
  const watched = changed((resources) => {
    resources['Topic'] = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'small-alarms' } };
    resources['TopicPolicy'] = {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: policy() },
    };
    resources['Subscription'] = {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'operations@example.com' },
    };
    resources['Alarm'] = {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: 'small-full',
        AlarmActions: [{ Ref: 'Topic' }],
        OKActions: [{ Ref: 'Topic' }],
        Threshold: 1,
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
      },
    };
    resources['Dashboard'] = {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: 'small',
        DashboardBody: { 'Fn::Join': ['', ['{"alarms":["', { 'Fn::GetAtt': ['Alarm', 'Arn'] }, '"]}']] },
      },
    };
  });

  test('are let pass, and only the topic changes what runs', () => {
    const topics = [
      { logicalId: 'Topic', name: 'small-alarms', arn: 'arn:aws:sns:us-east-1:111122223333:small-alarms' },
    ];
    expect(read(watched)).toEqual({ ...read(minimalTemplate()), topics });
  });

  test.each(['Topic', 'TopicPolicy', 'Subscription', 'Alarm', 'Dashboard'])(
    'are refused with a property of %s that the local cloud does not know',
    (logicalId) => {
      const template = structuredClone(watched);
      propertiesOf(template.Resources, logicalId)['Novelty'] = true;
      expect(problemsOf(template)).toEqual([
        expect.stringMatching(new RegExp(`: ${logicalId} .*: Novelty: the local cloud does not know it$`)),
      ]);
    },
  );

  test('are refused when what they watch is not in the template', () => {
    const template = structuredClone(watched);
    propertiesOf(template.Resources, 'Alarm')['Dimensions'] = [{ Name: 'QueueName', Value: { Ref: 'Missing' } }];
    expect(problemsOf(template)).toEqual([expect.stringContaining('a reference to Missing')]);
  });
});
