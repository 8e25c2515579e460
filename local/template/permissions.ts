import { matches } from '../endpoint/policy.ts';
import type { Invocable } from './invocable.ts';
import { permissionType } from './resource-types.ts';
import type { Stack } from './stack.ts';

/**
 * Refuses `logicalId` unless a permission lets `principal` invoke the function on behalf of `sourceArn`.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
export function checkInvocable(
  stack: Stack,
  logicalId: string,
  { target, names }: Invocable,
  principal: string,
  sourceArn: string,
): void {
  const permitted = stack
    .all(permissionType)
    .some(
      ({ properties }) =>
        names.includes(properties.FunctionName) &&
        properties.Principal === principal &&
        matches(properties.SourceArn, sourceArn) &&
        (properties.SourceAccount ?? stack.place.account) === stack.place.account,
    );
  if (permitted) return;
  stack.refuse(
    logicalId,
    `no AWS::Lambda::Permission lets ${principal} invoke ${names[0] ?? target.name} for ${sourceArn}`,
  );
}
