/** What the drill lets an operator say. The logs must hold it afterwards, and no other operator's event. */

export const verdicts = ['approve', 'reject', 'set-amount'] as const;
export type Verdict = (typeof verdicts)[number];

export type OperatorWord = DecidedWord | AdjustedWord;

interface DecidedWord {
  readonly type: 'decision';
  readonly verdict: Verdict;
  /** Event id of a report of the sale. */
  readonly reportId: string;
  /** A decimal; empty when the operator says none. */
  readonly amount: string;
}

interface AdjustedWord {
  readonly type: 'adjustment';
  readonly reference: string;
  /** UTC, for example `2026-11-23`. */
  readonly day: string;
  readonly offerId: number;
  readonly affiliateId: number;
  /** 0 = the default goal. */
  readonly goalId: number;
  readonly currency: string;
  /** Decimals with a sign. */
  readonly payout: string;
  readonly revenue: string;
}
