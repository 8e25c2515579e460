import type { DomainTemplate, HealthCheckTemplate, LoadBalancerTemplate, RecordTemplate } from './region-template.ts';
import type { KnownResource } from './resource-type.ts';
import type { Stack } from './stack.ts';
import { recordType } from './traffic-types.ts';

type Record = KnownResource<ReturnType<typeof recordsOf>[number]['properties']>;

/**
 * Reads alias records, and refuses those that break the rules of
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
export function readRecords(stack: Stack, known: KnownTargets): RecordTemplate[] {
  const names = new Set(recordsOf(stack).map(({ properties }) => bareName(properties.Name)));
  const records = recordsOf(stack).map((record): RecordTemplate => {
    const { AliasTarget, HealthCheckId, Name, Type } = record.properties;
    checkTarget(stack, record, known, names);
    checkHealth(stack, record, known.healthChecks);
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
  for (const [logicalId, problem] of certificateProblems(records, known.loadBalancers))
    stack.refuse(logicalId, problem);
  return records;
}

interface KnownTargets {
  readonly domains: readonly DomainTemplate[];
  readonly loadBalancers: readonly LoadBalancerTemplate[];
  readonly healthChecks: readonly HealthCheckTemplate[];
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
  { domains, loadBalancers }: KnownTargets,
  names: ReadonlySet<string>,
): void {
  const target = bareName(properties.AliasTarget.DNSName);
  const domain = domains.find((one) => one.target === target);
  const balancer = loadBalancers.find((one) => namesOfBalancer(one).includes(target));
  const problems = domain
    ? domainProblems(properties, domain)
    : balancer
      ? balancerProblems(properties, balancer)
      : nameProblems(properties, names);
  for (const [isWrong, message] of problems) if (isWrong) stack.refuse(logicalId, `AliasTarget.${message}`);
}

type Problems = readonly (readonly [isWrong: boolean, message: string])[];

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
function domainProblems({ Name, Type, AliasTarget }: Record['properties'], domain: DomainTemplate): Problems {
  return [
    [domain.name !== bareName(Name), `DNSName: leads to the domain of ${domain.name}, which serves that name only`],
    [domain.targetZoneId !== AliasTarget.HostedZoneId, 'HostedZoneId: must be the one of the domain'],
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names-ip-address-type.html
    [Type === 'AAAA' && !domain.hasIpv6, 'Type: the domain has no IPv6 address; its IpAddressType is ipv4'],
  ];
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html */
export function namesOfBalancer({ dnsName }: LoadBalancerTemplate): readonly string[] {
  return [dnsName, `dualstack.${dnsName}`];
}

function balancerProblems({ Type, AliasTarget }: Record['properties'], balancer: LoadBalancerTemplate): Problems {
  return [
    [balancer.zoneId !== AliasTarget.HostedZoneId, 'HostedZoneId: must be the one of the load balancer'],
    [Type === 'AAAA' && !balancer.hasIpv6, 'Type: the load balancer has no IPv6 address; its IpAddressType is ipv4'],
  ];
}

/** A load balancer answers every name. Visitors of a name without a certificate see a warning in place of the page. */
function certificateProblems(
  records: readonly RecordTemplate[],
  balancers: readonly LoadBalancerTemplate[],
): readonly (readonly [logicalId: string, problem: string])[] {
  const targets = new Set(records.map(({ target }) => target));
  return records
    .filter(({ name }) => !targets.has(name))
    .flatMap(({ logicalId, name, type, target }) => {
      const next = records.find((record) => record.name === target && record.type === type)?.target ?? target;
      const balancer = balancers.find((one) => namesOfBalancer(one).includes(next));
      const isCertified = balancer?.listeners.some(({ certificateNames }) => certificateNames.includes(name)) ?? true;
      return isCertified ? [] : [[logicalId, `leads to a load balancer that has no certificate for ${name}`] as const];
    });
}

function nameProblems({ AliasTarget, HostedZoneId }: Record['properties'], names: ReadonlySet<string>): Problems {
  const target = bareName(AliasTarget.DNSName);
  return [
    [!names.has(target), `DNSName: no domain, load balancer or record of the template is called ${target}`],
    [AliasTarget.HostedZoneId !== HostedZoneId, 'HostedZoneId: an alias of a record must name its own hosted zone'],
  ];
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
