import { randomUUID } from 'node:crypto';
import type { LocalWorld } from './local-world.ts';
import type { RegionStores } from './region-stores.ts';
import type { RunningRegion } from './running-region.ts';
import type { Secrets } from './secrets.ts';
import type { RegionTemplate } from './template/region-template.ts';
import { createAcmService } from './wire/acm.ts';
import { createApiGatewayService } from './wire/apigateway.ts';
import { createLambdaService } from './wire/lambda.ts';
import { createLogsService } from './wire/logs.ts';
import { createMonitoringService } from './wire/monitoring.ts';
import { createSecretsManagerService } from './wire/secretsmanager.ts';
import { createServiceQuotasService } from './wire/servicequotas.ts';
import type { WireService } from './wire/wire-service.ts';

export interface ManagementParts {
  readonly world: LocalWorld;
  readonly stores: readonly RegionStores[];
  readonly secrets: Secrets;
  /** Regions are added while they start. */
  readonly regions: readonly RunningRegion[];
}

/** The services that only operators call, never functions. */
export function managementServices({ world, stores, secrets, regions }: ManagementParts): readonly WireService[] {
  const startedAtMs = world.time.nowMs();
  /** Undefined for a region that is not deployed here. */
  const scopeOf =
    <Scope>(make: (one: RegionStores) => Scope) =>
    (region: string) => {
      const one = stores.find(({ template }) => template.region === region);
      return one && make(one);
    };
  const regionOf = (region: string): RunningRegion => {
    const running = regions.find((one) => one.region === region);
    if (!running) throw new Error(`${region} does not run yet`);
    return running;
  };
  const logsOf = (region: string) => regions.find((one) => one.region === region)?.logs.lines() ?? [];
  return [
    createSecretsManagerService(
      scopeOf(({ template: { region, account } }) => ({ region, account, store: secrets.storeOf(region) })),
      randomUUID,
    ),
    createLogsService(
      scopeOf(({ template: { region, account, functions } }) => ({
        region,
        account,
        functionNames: functions.map(({ name }) => name),
        lines: () => logsOf(region),
      })),
      randomUUID,
    ),
    createLambdaService(
      scopeOf(({ template: { region, account, functions } }) => ({
        region,
        account,
        functions,
        invoke: (functionArn, payload) => regionOf(region).host.invoke(functionArn, payload),
      })),
      randomUUID,
    ),
    createMonitoringService(
      scopeOf(({ queues, template: { region } }) => ({
        queues: [...queues.values()],
        metrics: () => regionOf(region).logs.metrics(),
        nowMs: world.time.nowMs,
      })),
      randomUUID,
    ),
    createAcmService(
      scopeOf(({ template }) => ({
        region: template.region,
        account: template.account,
        domainNames: certifiedNames(template),
        issuedAtMs: startedAtMs,
      })),
      randomUUID,
    ),
    createApiGatewayService(
      scopeOf(({ template: { region, apis } }) => ({ region, apis })),
      randomUUID,
    ),
    createServiceQuotasService(
      scopeOf(({ template: { region } }) => ({ region })),
      randomUUID,
    ),
  ];
}

/** Both doors may serve one name with one certificate. */
function certifiedNames({ domains, loadBalancers }: RegionTemplate): readonly string[] {
  const listeners = loadBalancers.flatMap((balancer) => balancer.listeners);
  return [
    ...new Set([...domains.map(({ name }) => name), ...listeners.flatMap(({ certificateNames }) => certificateNames)]),
  ];
}
