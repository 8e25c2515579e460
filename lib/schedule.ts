import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

export interface ScheduleProps {
  readonly handler: IFunction;
  /** The function's event is `{task}`. */
  readonly task: string;
  readonly intervalSeconds: number;
  /** A run that cannot start within this time is dropped: the next one does its work. */
  readonly lateSecondsMax: number;
}

/** Invokes a function at an interval. The function's own settings say that a failed run is not tried again. */
export function schedule(scope: Construct, id: string, props: ScheduleProps): void {
  new Rule(scope, id, {
    schedule: Schedule.rate(Duration.seconds(props.intervalSeconds)),
    targets: [
      new LambdaFunction(props.handler, {
        event: RuleTargetInput.fromObject({ task: props.task }),
        maxEventAge: Duration.seconds(props.lateSecondsMax),
      }),
    ],
  });
}
