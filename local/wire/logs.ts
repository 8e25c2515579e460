import { createJsonService } from './json-service.ts';
import { filterLogEvents } from './logs/filter-log-events.ts';
import type { LogScope } from './logs/log-scope.ts';
import type { WireService } from './wire-service.ts';

/** CloudWatch Logs: answers about the lines that the functions logged. */
export function createLogsService(
  scopeOf: (region: string) => LogScope | undefined,
  requestId: () => string,
): WireService {
  const actions = { FilterLogEvents: filterLogEvents };
  return createJsonService({ name: 'logs', target: 'Logs_20140328.', actions, scopeOf, requestId });
}
