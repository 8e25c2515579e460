import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Failover, HostedZone, type IHealthCheck } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { type DeployConfig, weightOf } from '../../core/config/deploy-config.ts';
import { regionalName } from '../../core/config/resource-names.ts';
import type { RegionResources } from '../region-resources.ts';
import { CustomName } from './custom-name.ts';
import { NameRecords, type SharedRouting } from './name-records.ts';
import { RegionHealth } from './region-health.ts';
import type { TrackingApi } from './tracking-api.ts';

export interface TrackingDomainProps {
  readonly config: DeployConfig;
  readonly resources: RegionResources;
  readonly domain: NonNullable<DeployConfig['domain']>;
  readonly tracking: TrackingApi;
}

/**
 * The two names of a region: its own, and the one that it shares with its peer. A failover changes nothing in Route 53:
 * both regions' records are always there, and the health checks say which one is answered.
 */
export class TrackingDomain extends Construct {
  /** Whether DNS should send traffic to this region. */
  readonly verdict: IHealthCheck;

  constructor(scope: Construct, id: string, { config, resources, domain, tracking }: TrackingDomainProps) {
    super(scope, id);
    const { zoneName, zoneId, record } = domain;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId: zoneId });
    const served = { zone, api: tracking.api, stage: tracking.stage };
    const own = new CustomName(this, 'Own', { name: regionalName(record, resources.home), ...served });
    const shared = new CustomName(this, 'Shared', { name: record, ...served });

    const ownRecords = new NameRecords(this, 'OwnRecords', { zone, name: own });
    const health = new RegionHealth(this, 'Health', { config, resources, record });
    // Resolvers remember for up to 15 minutes that a name does not exist. So nobody may ask for the name before it
    // exists.
    health.node.addDependency(ownRecords);
    this.verdict = health.verdict;
    const routing = routingOf(config, resources.home, health.verdict);
    new NameRecords(this, 'SharedRecords', { zone, name: shared, routing });

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
