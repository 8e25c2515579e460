import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { rungPairs } from '../../core/capture/ladder.ts';
import { limits } from '../../core/limits/limits.ts';
import { rungsOfHomeIntake } from '../../core/metrics.ts';
import { configOf, regions, templatesOf } from './templates.ts';

let template: Template;

beforeAll(() => {
  [template] = templatesOf(configOf({ alarmAddress: 'operations@example.com' }));
});

describe('the topic of a region', () => {
  const topic = { Ref: Match.stringLikeRegexp('^AlarmsTopic') };

  test('hears each alarm begin and end', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topic], OKActions: [topic] });
    template.resourceCountIs('AWS::SNS::Topic', 1);
  });

  test('takes encrypted calls only, and from alarms of this deployment', () => {
    const alarms = `arn:aws:cloudwatch:${regions[0]}:123456789012:alarm:clicks-*`;
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': alarms }, StringEquals: { 'aws:SourceAccount': '123456789012' } },
          }),
        ],
      },
    });
  });

  test('tells the alarm address, and nobody when none is given', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operations@example.com',
      TopicArn: topic,
    });
    const [silent] = templatesOf(configOf());
    silent.resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

describe('on a day when telemetry is blind', () => {
  test('the missing heartbeat of replay, audit, ledger or notify is an alarm, and so is a missing age of probes or of figures, and no other silence is', () => {
    const alarmedBySilence = alarms()
      .filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
      .map(({ AlarmName }) => AlarmName);
    expect(alarmedBySilence.sort()).toEqual([
      'clicks-audit-not-running',
      'clicks-figures-old',
      'clicks-ledger-not-running',
      'clicks-notify-not-running',
      'clicks-probe-missing',
      'clicks-replay-not-running',
    ]);
  });

  test('alarms that watch a queue stay as they are', () => {
    const onQueues = alarms().filter((alarm) => JSON.stringify(alarm).includes('AWS/SQS'));
    expect(onQueues).toHaveLength(5);
    for (const { TreatMissingData } of onQueues) expect(TreatMissingData).toBe('ignore');
  });

  test('an empty queue, of which SQS gives no age, is told apart from a queue of which it gives nothing', () => {
    expect(expressionOf('intake-old')).toBe('FILL(ageQueue, 0) + 0 * visibleQueue');
  });
});

test('there is a page before the API begins to refuse clicks', () => {
  const [template] = templatesOf(configOf({ throttle: { requestsPerSecond: 100 } }));
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'clicks-throttle-near',
    Namespace: 'AWS/ApiGateway',
    MetricName: 'Count',
    Statistic: 'SampleCount',
    Period: 60,
    Threshold: 4_800,
  });
});

describe('what is owed', () => {
  test('raises a page when SQS would delete it within a week', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'clicks-owed-expiring',
      Threshold: limits.queue.retentionSeconds - 7 * 86_400,
    });
  });

  test('is looked at no further back than CloudWatch can', () => {
    for (const { EvaluationPeriods, DatapointsToAlarm } of alarms()) {
      expect(EvaluationPeriods * limits.alarms.periodSeconds).toBeLessThanOrEqual(86_400);
      expect(DatapointsToAlarm).toBeLessThanOrEqual(EvaluationPeriods);
    }
  });
});

describe('what a check of probes sees', () => {
  const ageOf = (of: string) => [{ Name: 'of', Value: of }];

  test('raises a page for a probe that no log has, and a ticket for one that one log has', () => {
    expect(alarmNamed('probe-missing')).toMatchObject({ Statistic: 'Minimum', Dimensions: ageOf('home') });
    expect(alarmNamed('probe-in-one-log')).toMatchObject({ Statistic: 'Maximum', Dimensions: ageOf('home') });
  });

  test('of the other region raises a page here, by figures of this region alone', () => {
    expect(alarmNamed('peer-silent')).toMatchObject({ Statistic: 'Minimum', Dimensions: ageOf('peer') });
    for (const alarm of alarms()) expect(JSON.stringify(alarm)).not.toContain(regions[1]);
  });

  test('reaches as far back as the alarms need it, and a probe by way of a failure queue is none yet', () => {
    const { probeMissingAgeMinutes, probeInOneLogAgeMinutes } = limits.alarms;
    expect(limits.checkProbes.lookBackMinutes + 1).toBeGreaterThanOrEqual(
      Math.max(probeMissingAgeMinutes, probeInOneLogAgeMinutes),
    );
    expect(probeMissingAgeMinutes * 60).toBeGreaterThan(2 * limits.replay.intervalSeconds);
  });
});

describe('two deployments in one account and region', () => {
  test('share no figure, no alarm and no dashboard', () => {
    const [other] = templatesOf(configOf({ name: 'more-clicks' }));
    expect(namespacesIn(template)).toEqual(['Keeptrack/clicks']);
    expect(namespacesIn(other)).toEqual(['Keeptrack/more-clicks']);
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard']) {
      const namesIn = (one: Template) =>
        Object.values(one.findResources(type)).map(
          ({ Properties }) => Properties.AlarmName ?? Properties.DashboardName,
        );
      expect(namesIn(template).filter((name) => namesIn(other).includes(name))).toEqual([]);
    }
  });

  test('count where their alarms look', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Lambda::Function'))) {
      expect(Properties.Environment.Variables.METRIC_NAMESPACE).toBe('Keeptrack/clicks');
    }
  });
});

/** Of our own figures, in alarms and on the dashboard. */
function namespacesIn(one: Template): readonly string[] {
  const text =
    JSON.stringify(one.findResources('AWS::CloudWatch::Alarm')) +
    JSON.stringify(one.findResources('AWS::CloudWatch::Dashboard'));
  return [...new Set(text.match(/Keeptrack(?:\/[\w-]+)?(?=\W)/g))].sort();
}

test('the alarm on storing counts every rung that leaves an event in the home intake queue', () => {
  const captured = ['intake-home', ...rungPairs.map((pair) => pair.join('+'))];
  expect(rungsOfHomeIntake).toEqual(captured.filter((rungs) => rungs.includes('intake-home')));
  const watched = JSON.stringify(alarmNamed('nothing-stored'));
  for (const rung of rungsOfHomeIntake) expect(watched).toContain(`"Value":"${rung}"`);
});

test.each([1, 10, 60])(
  'an intake message that a killed `store` left behind is no alarm yet, with a window of %i s',
  (storeWindowSeconds) => {
    const [windowed] = templatesOf(configOf({ storeWindowSeconds }));
    const [queue] = Object.values(
      windowed.findResources('AWS::SQS::Queue', { Properties: { QueueName: 'clicks-intake' } }),
    );
    const [old] = Object.values(
      windowed.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: 'clicks-intake-old' } }),
    );
    const visibilitySeconds = queue?.['Properties'].VisibilityTimeout;
    expect(old?.['Properties'].Threshold).toBeGreaterThan(visibilitySeconds);
    expect(old?.['Properties'].Threshold).toBeLessThan(2 * visibilitySeconds);
  },
);

describe('figures', () => {
  test('that are old, or of which nothing is heard for longer than a run takes, are an alarm', () => {
    const { figuresAgeSeconds, figuresOldMinutes } = limits.statisticsAlarms;
    expect(alarmNamed('figures-old')).toMatchObject({
      Statistic: 'Minimum',
      Threshold: figuresAgeSeconds,
      EvaluationPeriods: figuresOldMinutes,
    });
    expect(figuresOldMinutes * 60).toBeGreaterThan(limits.stats.timeoutSeconds);
    expect(figuresAgeSeconds).toBeGreaterThan(limits.stats.timeoutSeconds);
  });

  test('by which caps close are an alarm when they are old, and none while there are no caps', () => {
    const { capsAgeSeconds, capsOldMinutes } = limits.statisticsAlarms;
    expect(alarmNamed('caps-old')).toMatchObject({
      Statistic: 'Minimum',
      Threshold: capsAgeSeconds,
      EvaluationPeriods: capsOldMinutes,
      TreatMissingData: 'notBreaching',
    });
  });

  test.each(['hours-overdue', 'hours-unjudged', 'days-overdue'])(
    'that are late (%s) are an alarm for as long as a run which sees them says so',
    (kind) => {
      expect(alarmNamed(kind)).toMatchObject({
        Statistic: 'Maximum',
        Period: limits.ledger.review.intervalSeconds,
        Threshold: 1,
      });
    },
  );
});

test('the dashboard has a name that is its own among all regions, and shows every alarm', () => {
  template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: `clicks-${regions[0]}` });
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const ids = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
  for (const id of ids) expect(JSON.stringify(dashboard)).toContain(`"Fn::GetAtt":["${id}","Arn"]`);
});

test('the dashboard shows the health check of Route 53 where there is a domain, and asks where Route 53 tells of it', () => {
  const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
  const bodyOf = (one: Template) => JSON.stringify(one.findResources('AWS::CloudWatch::Dashboard'));
  const [, secondary] = templatesOf(configOf({ domain }));
  expect(bodyOf(secondary)).toMatch(/"AWS\/Route53.{0,80}HealthCheckStatus.*us-east-1/);
  expect(bodyOf(template)).not.toContain('Route53');
});

interface AlarmProperties {
  readonly AlarmName: string;
  readonly TreatMissingData: string;
  readonly Statistic?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Metrics?: readonly { readonly Expression?: string }[];
}

function alarms(): AlarmProperties[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
}

function alarmNamed(kind: string): AlarmProperties | undefined {
  return alarms().find(({ AlarmName }) => AlarmName === `clicks-${kind}`);
}

function expressionOf(kind: string): string | undefined {
  return alarmNamed(kind)?.Metrics?.find(({ Expression }) => Expression)?.Expression;
}
