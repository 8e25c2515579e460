import type { Fault } from '../fault/fault.ts';

/** What befalls one request: first a delay, then either its own answer, lost or not, or something else instead. */
export interface Fate {
  readonly delayMs: number;
  readonly end:
    | { readonly kind: 'answered' }
    | { readonly kind: 'reply-lost' }
    | { readonly kind: 'refused'; readonly status: number; readonly message: string }
    | { readonly kind: 'reset' }
    | { readonly kind: 'hang' };
}

/** Delays add up; of several faults that end a request the oldest does. */
export function fateOf(faults: readonly Fault[]): Fate {
  const delayMs = faults.reduce((sum, fault) => sum + (fault.effect === 'slow' ? (fault.delayMs ?? 0) : 0), 0);
  const ending = faults.find(({ effect }) => effect !== 'slow');
  return { delayMs, end: ending ? endBy(ending) : { kind: 'answered' } };
}

function endBy({ effect, status = 503, code = 'Service Unavailable' }: Fault): Fate['end'] {
  switch (effect) {
    case 'error':
    case 'capacity':
      return { kind: 'refused', status, message: code };
    case 'lose-reply':
      return { kind: 'reply-lost' };
    case 'reset':
      return { kind: 'reset' };
    default:
      return { kind: 'hang' };
  }
}
