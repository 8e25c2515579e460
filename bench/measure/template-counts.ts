import { readFileSync } from 'node:fs';
import { type DeployConfig, parseDeployConfig } from '../../core/config/deploy-config.ts';
import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import { keeptrackApp } from '../../lib/keeptrack-app.ts';
import { RegionStack } from '../../lib/region-stack.ts';

/** What the template of a region with a domain has that costs by the month. */
export interface TemplateCounts {
  readonly healthChecks: number;
  /** HTTPS, a string to match and a fast interval: each has its price. */
  readonly healthCheckFeatures: number;
  /** Checks that ask an endpoint. The others look at other checks. */
  readonly askingChecks: number;
  /** Metrics that alarms look at. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  readonly loadBalancers: number;
  /** One for each subnet of a load balancer. */
  readonly publicAddresses: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly HealthCheckConfig?: { readonly Type: string; readonly RequestInterval?: number };
    readonly Metrics?: readonly { readonly MetricStat?: object }[];
    readonly Subnets?: readonly unknown[];
  };
}

/** Synthesizes the stacks of a deployment with this door, without bundles, and counts in the primary's template. */
export function countTemplate(frontDoor: FrontDoorKind): TemplateCounts {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context: Record<string, unknown> };
  const app = keeptrackApp(configOf(frontDoor), '{}', { context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const stack = app.node.children.find((child) => child instanceof RegionStack);
  if (!stack) throw new Error('the app has no stack');
  const { Resources } = app.synth().getStackArtifact(stack.artifactId).template as {
    readonly Resources: Readonly<Record<string, Resource>>;
  };
  return countsOf(Object.values(Resources));
}

function configOf(frontDoor: FrontDoorKind): DeployConfig {
  const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
  const place = { name: 'keeptrack', account: '111122223333', regions: ['us-east-1', 'us-west-2'], domain };
  const parsed = parseDeployConfig(JSON.stringify({ ...place, frontDoor, concurrency: { track: 500 } }));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('; '));
  return parsed.config;
}

function countsOf(resources: readonly Resource[]): TemplateCounts {
  const all = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const checks = all('AWS::Route53::HealthCheck').flatMap(({ HealthCheckConfig }) => HealthCheckConfig ?? []);
  const asking = checks.filter(({ Type }) => Type !== 'CALCULATED');
  const balancers = all('AWS::ElasticLoadBalancingV2::LoadBalancer');
  return {
    healthChecks: checks.length,
    healthCheckFeatures: sum(
      asking.map(
        ({ Type, RequestInterval }) =>
          Type.split('_').filter((word) => featureWords.has(word)).length + (RequestInterval === fastSeconds ? 1 : 0),
      ),
    ),
    askingChecks: asking.length,
    alarmMetrics: sum(
      all('AWS::CloudWatch::Alarm').map(({ Metrics }) => Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1),
    ),
    dashboards: all('AWS::CloudWatch::Dashboard').length,
    loadBalancers: balancers.length,
    publicAddresses: sum(balancers.map(({ Subnets = [] }) => Subnets.length)),
  };
}

/** Of the type `HTTPS_STR_MATCH`. */
const featureWords = new Set(['HTTPS', 'STR']);
const fastSeconds = 10;
