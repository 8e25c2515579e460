import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Failover, HostedZone, type IHealthCheck } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { type DeployConfig, weightOf } from '../../core/config/deploy-config.ts';
import { regionalName } from '../../core/config/resource-names.ts';
import type { RegionResources } from '../region-resources.ts';
import type { FrontDoor } from './front-door.ts';
import { FurtherName } from './further-name.ts';
import { NameRecords, type SharedRouting } from './name-records.ts';
import { RegionHealth } from './region-health.ts';
import { TrackedName } from './tracked-name.ts';

export interface TrackingDomainProps {
  readonly config: DeployConfig;
  readonly resources: RegionResources;
  readonly domain: NonNullable<DeployConfig['domain']>;
  /** All doors that stand. Records lead to the first one. */
  readonly doors: readonly FrontDoor[];
}

/**
 * The names of a region: its own, and those that it shares with its peer. A failover changes nothing in Route 53: both
 * regions' records are always there, and the health checks say which one is answered.
 *
 * Behind a load balancer a shared name leads to the region's own name, and the own name to the load balancer. For Route 53
 * wants `EvaluateTargetHealth` on in a failover alias, and an alias to a load balancer has it off (load-balancer.ts). The
 * own name has no health check and is therefore always healthy:
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-complex-configs.html
 */
export class TrackingDomain extends Construct {
  /** Whether DNS should send traffic to this region. */
  readonly verdict: IHealthCheck;

  constructor(scope: Construct, id: string, { config, resources, domain, doors }: TrackingDomainProps) {
    super(scope, id);
    const { zoneName, zoneId, record } = domain;
    const { home } = resources;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId: zoneId });
    const certificate = { provedIn: zone };
    // The first name's certificate is the default of a load balancer.
    const shared = new TrackedName(this, 'Shared', { name: record, certificate, doors });
    const own = new TrackedName(this, 'Own', { name: regionalName(record, home), certificate, doors });

    const ownRecords = new NameRecords(this, 'OwnRecords', { zone, name: own.name, target: own.target });
    const health = new RegionHealth(this, 'Health', { config, resources, record });
    // Resolvers remember for up to 15 minutes that a name does not exist. So nobody may ask for the name before it
    // exists.
    health.node.addDependency(ownRecords);
    this.verdict = health.verdict;
    const routing = routingOf(config, home, health.verdict);
    const target = config.frontDoor === 'alb' ? ownRecords.asTarget : shared.target;
    new NameRecords(this, 'SharedRecords', { zone, name: record, target, routing });
    for (const tracked of config.trackingNames ?? []) {
      new FurtherName(this, tracked.name, { tracked, config, home, doors, routing });
    }

    const stack = Stack.of(this);
    new CfnOutput(stack, 'SharedTrackingUrl', { value: `https://${shared.name}` });
    new CfnOutput(stack, 'RegionalTrackingUrl', { value: `https://${own.name}` });
    new CfnOutput(stack, 'HealthCheckId', { value: health.verdict.healthCheckId });
  }
}

function routingOf(config: DeployConfig, home: string, healthCheck: IHealthCheck): SharedRouting {
  const routing = { setIdentifier: home, healthCheck };
  if (config.routing === 'weighted') return { ...routing, weight: weightOf(config, home) };
  return { ...routing, failover: config.regions[0] === home ? Failover.PRIMARY : Failover.SECONDARY };
}
