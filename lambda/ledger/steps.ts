import { answerText } from '../../core/call-outcome.ts';
import type { Answer, Random, Table } from '../../core/ports.ts';
import type { SegmentTargets, Surroundings } from '../../eventlog/log-buckets.ts';
import type { OffersByDay } from '../shared/offers-by-day.ts';

export interface LedgerPorts extends Surroundings {
  /** The logs of both regions. The ledger writes to home's alone. */
  readonly buckets: SegmentTargets['buckets'];
  /** Figures of the home region. */
  readonly table: Table;
  readonly offersByDay: OffersByDay;
  readonly random: Random;
  /** Bytes of segments that one pass over an hour reads: `limits.ledger.passBytesMax`, but less in tests of several passes. */
  readonly passBytesMax: number;
}

/** The result of a step, or why another run has to do it. */
export type Step<T> = { readonly kind: 'done'; readonly value: T } | Left;

export interface Left {
  readonly kind: 'left';
  readonly why: string;
}

export function done<T>(value: T): Step<T> {
  return { kind: 'done', value };
}

export function left(why: string): Left {
  return { kind: 'left', why };
}

/** `what` failed with this answer. */
export function refused(what: string, answer: Answer): Left {
  return left(`${what}: ${answerText(answer)}`);
}

/** A new token at each call. */
export function newToken({ random }: Pick<LedgerPorts, 'random'>): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}
