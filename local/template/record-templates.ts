import type { DomainTemplate, HealthCheckTemplate, RecordTemplate } from './region-template.ts';
import type { KnownResource } from './resource-type.ts';
import type { Stack } from './stack.ts';
import { recordType } from './traffic-types.ts';

type Record = KnownResource<ReturnType<typeof recordsOf>[number]['properties']>;

/** Alias records, held to the rules of https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html. */
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

/** Names are the same with or without the dot at their end, and in whatever case. */
function bareName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

function routingOf(stack: Stack, { logicalId, properties }: Record): Pick<RecordTemplate, 'routing' | 'setIdentifier'> {
  const { Failover, Weight, SetIdentifier } = properties;
  if (Failover !== undefined && Weight !== undefined) {
    stack.refuse(logicalId, 'Weight: a failover record has none');
  }
  const isSimple = Failover === undefined && Weight === undefined;
  if (isSimple !== (SetIdentifier === undefined)) {
    stack.refuse(logicalId, `SetIdentifier: ${isSimple ? 'a simple record has none' : 'is needed beside a policy'}`);
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
        [domain.name !== bareName(Name), `DNSName: leads to the domain of ${domain.name}, which answers no other name`],
        [domain.targetZoneId !== AliasTarget.HostedZoneId, 'HostedZoneId: is not the one of the domain'],
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names-ip-address-type.html
        [Type === 'AAAA' && !domain.hasIpv6, 'Type: the domain has no address of IPv6; its IpAddressType is ipv4'],
      ]
    : [
        [!names.has(target), `DNSName: neither a domain nor a record of the template is called ${target}`],
        [AliasTarget.HostedZoneId !== HostedZoneId, 'HostedZoneId: an alias of a record stays in its hosted zone'],
      ];
  for (const [isWrong, message] of problems) if (isWrong) stack.refuse(logicalId, `AliasTarget.${message}`);
}

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html: for a failover alias it must be true. */
function checkHealth(stack: Stack, { logicalId, properties }: Record, checks: readonly HealthCheckTemplate[]): void {
  const { HealthCheckId, Failover, AliasTarget } = properties;
  if (HealthCheckId !== undefined && !checks.some(({ id }) => id === HealthCheckId)) {
    stack.refuse(logicalId, `HealthCheckId: there is no health check ${HealthCheckId} in the template`);
  }
  if (Failover !== undefined && !AliasTarget.EvaluateTargetHealth) {
    stack.refuse(logicalId, 'AliasTarget.EvaluateTargetHealth: must be true for a failover record');
  }
  if (Failover === 'PRIMARY' && HealthCheckId === undefined) {
    stack.refuse(logicalId, 'HealthCheckId: without one the primary record is answered whatever happens');
  }
}
