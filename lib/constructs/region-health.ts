import { Duration, Tags } from 'aws-cdk-lib';
import { HealthCheck, type HealthCheckProps, HealthCheckType, type IHealthCheck } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { DeployConfig } from '../../core/config/deploy-config.ts';
import { healthPaths, healthWords, regionalName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RegionResources } from '../region-resources.ts';

export interface RegionHealthProps {
  readonly config: DeployConfig;
  readonly resources: RegionResources;
  /** The name that both regions share. */
  readonly record: string;
}

/**
 * Whether DNS should send traffic to this region: it can capture, and nobody has drained it. docs/decisions/0007 says
 * what these checks say before they know anything, and when the peer is silent.
 */
export class RegionHealth extends Construct {
  readonly verdict: IHealthCheck;

  constructor(scope: Construct, id: string, { config, resources, record }: RegionHealthProps) {
    super(scope, id);
    const { home, peer } = resources;
    const canCapture = endpointCheck(this, 'CanCapture', {
      fqdn: regionalName(record, home),
      resourcePath: healthPaths.capture,
      searchString: healthWords.capture,
    });
    // The peer holds the switch, so that a region that answers nobody can be drained. The check is inverted: silence
    // means "not drained".
    const notDrained = endpointCheck(this, 'NotDrained', {
      fqdn: regionalName(record, peer),
      resourcePath: `${healthPaths.drained}${home}`,
      searchString: healthWords.drained,
      inverted: true,
    });
    this.verdict = new HealthCheck(this, 'Verdict', {
      type: HealthCheckType.CALCULATED,
      childHealthChecks: [canCapture, notDrained],
      healthThreshold: 2,
    });
    nameIt(canCapture, `${config.name} ${home} can capture`);
    nameIt(notDrained, `${config.name} ${home} is not drained`);
    nameIt(this.verdict, `${config.name} ${home} gets traffic`);
  }
}

function endpointCheck(scope: Construct, id: string, props: Omit<HealthCheckProps, 'type'>): HealthCheck {
  return new HealthCheck(scope, id, {
    type: HealthCheckType.HTTPS_STR_MATCH,
    requestInterval: Duration.seconds(limits.health.checkIntervalSeconds),
    failureThreshold: limits.health.checkThreshold,
    // API Gateway serves many names at one address.
    enableSNI: true,
    ...props,
  });
}

/** The console lists health checks by this tag, and otherwise by a random id. */
function nameIt(check: IHealthCheck, name: string): void {
  Tags.of(check).add('Name', name);
}
