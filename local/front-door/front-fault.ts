import type { Fault } from '../fault/fault.ts';

/** The effect of faults on one request: a delay, and then an answer, a lost answer or another end. */
export interface Fate {
  readonly delayMs: number;
  readonly end:
    | { readonly kind: 'answered' }
    | { readonly kind: 'reply-lost' }
    | { readonly kind: 'refused'; readonly status: number; readonly message: string }
    | { readonly kind: 'reset' }
    | { readonly kind: 'hang' };
}

/** Delays add up. When several faults end a request, the oldest one decides how. */
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
