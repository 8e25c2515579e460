import type { FrontDoorKind } from '../../core/config/front-doors.ts';
import { assumptions } from './assumptions.ts';
import type { Inputs } from './inputs.ts';

/** https://aws.amazon.com/elasticloadbalancing/pricing/: what one capacity unit (LCU) covers, for Lambda targets. */
const unit = { newConnectionsPerSecond: 25, activeConnections: 3_000, gigabytesPerHour: 0.4 } as const;

/** USD a second for so many requests a second. What a load balancer costs without any stands in standing.ts. */
export function usdOfRequests(door: FrontDoorKind, requestsPerSecond: number, { prices, measured }: Inputs): number {
  const { usdPerMillion, usdPerHour } = prices;
  if (door === 'http-api') return (requestsPerSecond * usdPerMillion.httpApiRequest) / 1e6;
  const bytes = assumptions.requestBytes.value + measured.serving.trackAnswerBytes;
  return (capacityUnits(requestsPerSecond, bytes) * usdPerHour.loadBalancerCapacityUnit) / 3_600;
}

/** AWS bills the dimension that needs the most. The first ten rules cost nothing, and a listener here has fewer. */
export function capacityUnits(requestsPerSecond: number, bytesOfRequest: number): number {
  const connectionsPerSecond = requestsPerSecond * assumptions.connectionsPerClick.value;
  const gigabytesPerHour = (requestsPerSecond * bytesOfRequest * 3_600) / 1e9;
  return Math.max(
    connectionsPerSecond / unit.newConnectionsPerSecond,
    (connectionsPerSecond * assumptions.connectionSeconds.value) / unit.activeConnections,
    gigabytesPerHour / unit.gigabytesPerHour,
  );
}

/** USD a second for the certificates that go out with each new connection. */
export function usdOfHandshakes(requestsPerSecond: number, { prices }: Inputs): number {
  const bytes = requestsPerSecond * assumptions.connectionsPerClick.value * assumptions.handshakeBytes.value;
  return (bytes / 1e9) * prices.usdPerGigabyte.toInternet;
}
