import type { Stack } from 'aws-cdk-lib';
import { Alarm, type CfnAlarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { alarmName } from '../core/config/resource-names.ts';
import type { RegionPlan } from './region-plan.ts';

export interface AlarmProps {
  /**
   * `page`: events are being lost or will be, and somebody has to get up. `ticket`: somebody has to look in the
   * daytime.
   */
  readonly severity: 'page' | 'ticket';
  /** One sentence on what is the matter. */
  readonly says: string;
  /** By the minute, unless the figure comes more rarely. */
  readonly metric: IMetric;
  /** A minute counts when the figure is at least this, or below that. */
  readonly when: { readonly atLeast: number } | { readonly below: number };
  /** How many minutes have to count, of how many that are looked at. 1 of 1 when left out. */
  readonly for?: { readonly minutes: number; readonly ofMinutes: number };
  /** What a missing figure means. Each alarm decides, because telemetry is blind on some days. */
  readonly silence: keyof typeof silences;
  /** Left out, the logical id follows from the construct's place. CloudFormation finds the alarm by this id. */
  readonly logicalId?: string;
}

const silences = {
  /** Nothing was counted because nothing happened. `replay-not-running` watches that counts arrive at all. */
  'is well': TreatMissingData.NOT_BREACHING,
  /** The figure is always there, so nobody can tell: the alarm stays as it is. */
  'tells nothing': TreatMissingData.IGNORE,
  'is the alarm': TreatMissingData.BREACHING,
} as const;

/**
 * An alarm that notifies its region's topic when it begins and when it ends. `kind` is its heading in docs/runbook.md;
 * a test checks it.
 */
export function alarm(scope: Construct, kind: string, { config, alarmTopic }: RegionPlan, props: AlarmProps): void {
  const minutes = props.for ?? { minutes: 1, ofMinutes: 1 };
  const made = new Alarm(scope, kind, {
    alarmName: alarmName(config, kind),
    alarmDescription: `[${props.severity}] ${props.says} See docs/runbook.md#${kind}`,
    metric: props.metric,
    ...condition(props.when),
    datapointsToAlarm: minutes.minutes,
    evaluationPeriods: minutes.ofMinutes,
    treatMissingData: silences[props.silence],
  });
  if (props.logicalId) (made.node.defaultChild as CfnAlarm).overrideLogicalId(props.logicalId);
  const tellsTopic = new SnsAction(alarmTopic);
  made.addAlarmAction(tellsTopic);
  made.addOkAction(tellsTopic);
}

/** All alarms that the stack has so far. The construct id of each is its kind. */
export function alarmsOf(stack: Stack): Alarm[] {
  return stack.node.findAll().filter((child): child is Alarm => child instanceof Alarm);
}

function condition(when: AlarmProps['when']): { threshold: number; comparisonOperator: ComparisonOperator } {
  return 'atLeast' in when
    ? { threshold: when.atLeast, comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD }
    : { threshold: when.below, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD };
}

/** `minutes` in a row. */
export function inARow(minutes: number): { readonly minutes: number; readonly ofMinutes: number } {
  return { minutes, ofMinutes: minutes };
}
