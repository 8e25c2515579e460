import { createJsonService } from './json-service.ts';
import { getMetricData } from './monitoring/get-metric-data.ts';
import type { MetricScope } from './monitoring/metric-scope.ts';
import type { WireService } from './wire-service.ts';

/** CloudWatch, for the metrics of SQS and of our functions. Requests are signed for the service `monitoring`. */
export function createMonitoringService(
  scopeOf: (region: string) => MetricScope | undefined,
  requestId: () => string,
): WireService {
  const actions = { GetMetricData: getMetricData };
  return createJsonService({
    name: 'monitoring',
    target: 'GraniteServiceVersion20100801.',
    actions,
    scopeOf,
    requestId,
  });
}
