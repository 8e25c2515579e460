/** @import { HealthCheckState, RegionState } from '../../handle.ts' */

/**
 * A new check counts as healthy and a new inverted one as unhealthy: until they have seen enough, that is no news.
 *
 * @param {RegionState} region
 * @param {readonly HealthCheckState[]} checks
 */
export function healthOf(region, checks) {
  if (region.healthy) return 'healthy';
  return checks.every((check) => check.settled) ? 'unhealthy' : 'health checks are new: counts as unhealthy';
}

/** @param {HealthCheckState} check */
export function checkRow(check) {
  const seen = check.checkers === undefined ? '' : `${check.passing} of ${check.checkers} checkers find it`;
  return [
    check.inverted ? `not ${check.watches}` : check.watches,
    check.settled ? seen : `${seen} (new)`.trim(),
    check.healthy ? 'healthy' : 'unhealthy',
  ];
}
