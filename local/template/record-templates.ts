import type { DomainTemplate, HealthCheckTemplate, RecordTemplate } from './region-template.ts';
import type { KnownResource } from './resource-type.ts';
import type { Stack } from './stack.ts';
import { recordType } from './traffic-types.ts';

type Record = KnownResource<ReturnType<typeof recordsOf>[number]['properties']>;

/**
 * Reads alias records, and refuses those that break the rules of
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
export function readRecords(
  stack: Stack,
  domains: readonly DomainTemplate[],
  checks: readonly HealthCheckTemplate[],
): RecordTemplate[] {
  const names = new Set(recordsOf(stack).map(({ properties }) => bareName(properties.Name)));
  return recordsOf(stack).map((record) => {
    const { AliasTarget, HealthCheckId, Name, Type } = record.properties;
    checkTarget(stack, record, domains, names);
    checkHealth(stack, record, checks);
    return {
      logicalId: record.logicalId,
      name: bareName(Name),
      type: Type,
      target: bareName(AliasTarget.DNSName),
      evaluateTargetHealth: AliasTarget.EvaluateTargetHealth,
      ...routingOf(stack, record),
      ...(HealthCheckId !== undefined && { healthCheckId: HealthCheckId }),
    };
  });
}

function recordsOf(stack: Stack) {
  return stack.all(recordType);
}

/** Upper and lower case are equal in names, and the dot at the end is optional. */
function bareName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

function routingOf(stack: Stack, { logicalId, properties }: Record): Pick<RecordTemplate, 'routing' | 'setIdentifier'> {
  const { Failover, Weight, SetIdentifier } = properties;
  if (Failover !== undefined && Weight !== undefined) {
    stack.refuse(logicalId, 'Weight: a failover record must not have one');
  }
  const isSimple = Failover === undefined && Weight === undefined;
  if (isSimple !== (SetIdentifier === undefined)) {
    stack.refuse(
      logicalId,
      `SetIdentifier: ${isSimple ? 'a simple record must not have one' : 'a routing policy needs one'}`,
    );
  }
  const named = SetIdentifier === undefined ? {} : { setIdentifier: SetIdentifier };
  if (Failover !== undefined) return { ...named, routing: { kind: 'failover', role: Failover } };
  return { ...named, routing: Weight === undefined ? { kind: 'simple' } : { kind: 'weighted', weight: Weight } };
}

function checkTarget(
  stack: Stack,
  { logicalId, properties }: Record,
  domains: readonly DomainTemplate[],
  names: ReadonlySet<string>,
): void {
  const { Name, Type, AliasTarget, HostedZoneId } = properties;
  const target = bareName(AliasTarget.DNSName);
  const domain = domains.find((one) => one.target === target);
  const problems: readonly (readonly [boolean, string])[] = domain
    ? [
        // https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
        [domain.name !== bareName(Name), `DNSName: leads to the domain of ${domain.name}, which serves that name only`],
        [domain.targetZoneId !== AliasTarget.HostedZoneId, 'HostedZoneId: must be the one of the domain'],
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names-ip-address-type.html
        [Type === 'AAAA' && !domain.hasIpv6, 'Type: the domain has no IPv6 address; its IpAddressType is ipv4'],
      ]
    : [
        [!names.has(target), `DNSName: neither a domain nor a record of the template is called ${target}`],
        [AliasTarget.HostedZoneId !== HostedZoneId, 'HostedZoneId: an alias of a record must name its own hosted zone'],
      ];
  for (const [isWrong, message] of problems) if (isWrong) stack.refuse(logicalId, `AliasTarget.${message}`);
}

/**
 * A failover alias must evaluate its target's health:
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
function checkHealth(stack: Stack, { logicalId, properties }: Record, checks: readonly HealthCheckTemplate[]): void {
  const { HealthCheckId, Failover, AliasTarget } = properties;
  if (HealthCheckId !== undefined && !checks.some(({ id }) => id === HealthCheckId)) {
    stack.refuse(logicalId, `HealthCheckId: there is no health check ${HealthCheckId} in the template`);
  }
  if (Failover !== undefined && !AliasTarget.EvaluateTargetHealth) {
    stack.refuse(logicalId, 'AliasTarget.EvaluateTargetHealth: must be true for a failover record');
  }
  if (Failover === 'PRIMARY' && HealthCheckId === undefined) {
    stack.refuse(logicalId, 'HealthCheckId: without one Route 53 always answers the primary record');
  }
}
