import type { ActiveFault } from '../fault/fault.ts';
import type { Chance } from '../model/time.ts';
import type { ServiceName, WireCall, WireResponse, WireService } from '../wire/wire-service.ts';

/** How a call ends for its caller. */
export type Ending =
  | { readonly kind: 'reply'; readonly response: WireResponse }
  /** The connection is closed without an answer. */
  | { readonly kind: 'reset' }
  /** The connection stays open without an answer. */
  | { readonly kind: 'hang' };

export interface Circumstances {
  readonly service: WireService['name'];
  /** The faults that strike the call, oldest first. The oldest one decides how the call ends. */
  readonly strikes: readonly ActiveFault[];
  /** Why the caller's policy refuses the call. */
  readonly denial: string | undefined;
  readonly chance: Chance;
  wait(delayMs: number): Promise<void>;
  /** Ends the environment that makes the call; absent when there is none to end. */
  readonly killCaller: (() => void) | undefined;
}

/** Performs a call, unless a fault or the caller's policy ends it otherwise. */
export async function conductCall(call: WireCall, circumstances: Circumstances): Promise<Ending> {
  const { strikes, denial, service, chance, killCaller } = circumstances;
  const delayMs = strikes.reduce((sum, { delayMs: one = 0 }) => sum + one, 0);
  if (delayMs > 0) await circumstances.wait(delayMs);

  const fault = strikes.find(({ effect }) => effect !== 'slow' && (effect !== 'kill' || killCaller));
  // Half of the killed environments die before the call is done, and half after it: the two leave different traces.
  const killsBefore = fault?.effect === 'kill' && chance() < 0.5;
  if (killsBefore) killCaller?.();
  const early = killsBefore ? reset : fault && endingBefore(fault, call, service);
  if (early) return early;
  if (denial !== undefined) return { kind: 'reply', response: call.refuse(403, 'AccessDenied', denial) };

  const response = await call.perform();
  if (fault?.effect === 'kill') killCaller?.();
  return fault?.effect === 'kill' || fault?.effect === 'lose-reply' ? reset : { kind: 'reply', response };
}

const reset: Ending = { kind: 'reset' };

function endingBefore(fault: ActiveFault, call: WireCall, service: WireService['name']): Ending | undefined {
  switch (fault.effect) {
    case 'error':
      return refusal(fault, call, { status: 503, code: 'ServiceUnavailable' });
    case 'capacity':
      return refusal(fault, call, throttled[service] ?? usuallyThrottled);
    case 'hang':
      return { kind: 'hang' };
    case 'reset':
      return reset;
    default:
      return undefined;
  }
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const throttled: Readonly<Partial<Record<ServiceName, { readonly status: number; readonly code: string }>>> = {
  s3: { status: 503, code: 'SlowDown' },
  sqs: { status: 403, code: 'RequestThrottled' },
};
const usuallyThrottled = { status: 400, code: 'ThrottlingException' };

function refusal(fault: ActiveFault, call: WireCall, usual: { status: number; code: string }): Ending {
  const { status = usual.status, code = usual.code } = fault;
  return { kind: 'reply', response: call.refuse(status, code, `This is the local cloud's ${fault.id}.`) };
}
