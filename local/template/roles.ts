import type { IdentityPolicy } from './policy-document.ts';
import type { PolicyStatement } from './region-template.ts';
import { policyType, roleType } from './resource-types.ts';
import type { Stack } from './stack.ts';

/** The statements of a role: those of its inline policies, and those of the policies that name the role. */
export function roleStatements(stack: Stack, roleArn: string): PolicyStatement[] {
  const role = findRole(stack, roleArn);
  if (role === undefined) return [];
  const roleName = stack.ref(role.logicalId);
  const attached = stack.all(policyType).filter(({ properties }) => properties.Roles.includes(roleName));
  return [...role.properties.Policies, ...attached.map(({ properties }) => properties)].flatMap(({ PolicyDocument }) =>
    statementsOf(PolicyDocument),
  );
}

export function findRole(stack: Stack, roleArn: string) {
  return stack.all(roleType).find(({ logicalId }) => stack.arn(logicalId) === roleArn);
}

function statementsOf(document: IdentityPolicy): PolicyStatement[] {
  return document.Statement.map(({ Effect, Action, Resource }) => ({
    effect: Effect,
    actions: Action,
    resources: Resource,
  }));
}
