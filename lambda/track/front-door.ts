import type { Reply } from '../../core/tracking/decision.ts';
import { type HttpApiResult, httpApiDoor } from './http-api-door.ts';
import { isLoadBalancerPayload, type LoadBalancerResult, loadBalancerDoor } from './load-balancer-door.ts';
import type { ReceivedRequest } from './received-request.ts';

/** What stands in front of `track`. Both doors may be live at once, so each payload tells its door. */
export interface FrontDoor {
  /** Throws on a payload that is not this door's. */
  receive(payload: unknown): ReceivedRequest;
  result(reply: Reply): DoorResult;
}

export type DoorResult = HttpApiResult | LoadBalancerResult;

/** The door's own part of the payload decides. No client can write into it. */
export function doorOf(payload: unknown): FrontDoor {
  return isLoadBalancerPayload(payload) ? loadBalancerDoor : httpApiDoor;
}
