import type { HealthCheckTemplate } from './region-template.ts';
import type { KnownResource } from './resource-type.ts';
import type { Stack } from './stack.ts';
import { healthCheckType } from './traffic-types.ts';

type HealthCheckProperties = ReturnType<typeof healthChecksOf>[number]['properties'];

export function readHealthChecks(stack: Stack): HealthCheckTemplate[] {
  const checks = healthChecksOf(stack).map((resource) => readHealthCheck(stack, resource));
  for (const check of checks) checkChildren(stack, check, checks);
  return checks;
}

function healthChecksOf(stack: Stack) {
  return stack.all(healthCheckType);
}

function readHealthCheck(
  stack: Stack,
  { logicalId, properties: { HealthCheckConfig: config } }: KnownResource<HealthCheckProperties>,
): HealthCheckTemplate {
  const identity = { logicalId, id: stack.ref(logicalId), inverted: config.Inverted };
  if (config.Type === 'CALCULATED') {
    return {
      kind: 'calculated',
      ...identity,
      childIds: config.ChildHealthChecks,
      healthThreshold: config.HealthThreshold,
    };
  }
  return {
    kind: 'endpoint',
    ...identity,
    domainName: config.FullyQualifiedDomainName.toLowerCase(),
    path: config.ResourcePath,
    searchString: config.SearchString,
    intervalSeconds: config.RequestInterval,
    failureThreshold: config.FailureThreshold,
  };
}

/**
 * A calculated check cannot watch another calculated one:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
function checkChildren(stack: Stack, check: HealthCheckTemplate, checks: readonly HealthCheckTemplate[]): void {
  if (check.kind !== 'calculated') return;
  for (const childId of check.childIds) {
    const child = checks.find(({ id }) => id === childId);
    if (child === undefined) {
      stack.refuse(check.logicalId, `ChildHealthChecks: there is no health check ${childId} in the template`);
    } else if (child.kind === 'calculated') {
      stack.refuse(check.logicalId, `ChildHealthChecks: ${child.logicalId} is a calculated check too`);
    }
  }
}
