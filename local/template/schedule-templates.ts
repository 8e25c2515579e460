import { findInvocable } from './invocable.ts';
import { checkInvocable } from './permissions.ts';
import type { FunctionTemplate, ScheduleTemplate } from './region-template.ts';
import { ruleType } from './resource-types.ts';
import type { Stack } from './stack.ts';

const secondsByUnit: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** Reads rules with a rate. Each target of a rule becomes its own schedule. */
export function readSchedules(stack: Stack, functions: readonly FunctionTemplate[]): ScheduleTemplate[] {
  return stack.all(ruleType).flatMap(({ logicalId, properties }) => {
    const intervalSeconds = parseRate(properties.ScheduleExpression);
    if (intervalSeconds === undefined) {
      stack.refuse(
        logicalId,
        `ScheduleExpression: the local cloud knows rates only, not ${properties.ScheduleExpression}`,
      );
      return [];
    }
    return properties.Targets.flatMap(({ Arn, Input }) => {
      const invocable = findInvocable(functions, Arn);
      if (invocable === undefined) {
        stack.refuse(logicalId, `Targets: there is no function ${Arn} in the template`);
        return [];
      }
      checkInvocable(stack, logicalId, invocable, 'events.amazonaws.com', stack.arn(logicalId));
      return { logicalId, functionArn: invocable.target.arn, intervalSeconds, input: Input };
    });
  });
}

/** `1 minute`, `2 minutes`: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
function parseRate(expression: string): number | undefined {
  const parts = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression);
  const [, count, unit = '', plural] = parts ?? [];
  const unitSeconds = secondsByUnit[unit];
  if (unitSeconds === undefined || (count === '1') === (plural === 's')) return undefined;
  return Number(count) * unitSeconds;
}
