import type { Stack } from 'aws-cdk-lib';
import { Alarm, type CfnAlarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import { alarmName } from '../core/config/resource-names.ts';
import type { RegionPlan } from './region-plan.ts';

export interface AlarmProps {
  /** `page`: events are being lost or will be, somebody has to get up. `ticket`: somebody has to look, in the daytime. */
  readonly severity: 'page' | 'ticket';
  /** One sentence on what is the matter. */
  readonly says: string;
  /** By the minute, unless it comes more rarely. */
  readonly metric: IMetric;
  /** A minute counts when the figure is at least this, or below that. */
  readonly when: { readonly atLeast: number } | { readonly below: number };
  /** How many minutes have to count, of how many that are looked at; 1 of 1 when it is left out. */
  readonly for?: { readonly minutes: number; readonly ofMinutes: number };
  /** What it means that there is no figure. It is decided for each alarm, since on some days telemetry is blind. */
  readonly silence: keyof typeof silences;
  /** When it shall not follow from the construct's place: CloudFormation finds the alarm by it. */
  readonly logicalId?: string;
}

const silences = {
  /** Nothing was counted because nothing happened; that counts arrive at all, `replay-not-running` watches. */
  'is well': TreatMissingData.NOT_BREACHING,
  /** The figure is always there, so that nobody can tell: an alarm stays as it is. */
  'tells nothing': TreatMissingData.IGNORE,
  'is the alarm': TreatMissingData.BREACHING,
} as const;

/**
 * An alarm that tells its region's topic when it begins and when it ends. `kind` is its heading in docs/runbook.md,
 * which a test checks.
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

/** All alarms that the stack has so far; the id of each is its kind. */
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
