import { hasShare, microsDue, minorDecimals, type Price } from './amounts.ts';

/**
 * What all reports of one sale, and all words of operators about it, come to by docs/links.md. The drill works this out
 * without the code under test. It looks at the whole history anew after each word, because that is easy to check.
 */

/** What one report says of its sale. A report that Keeptrack must refuse, and a test, say nothing. */
export interface SaleReport {
  readonly kind: 'report';
  readonly id: string;
  /** All reports with the same text are about one sale. */
  readonly sale: string;
  /** The counting rules at its capture. Under rules 1 a later report said nothing. */
  readonly rules: number;
  readonly status: 'approved' | 'pending' | 'rejected';
  /** Why it waits or is rejected; empty when it is approved. */
  readonly why: string;
  /** The catalog has a proof for the advertiser, and the postback brought it. */
  readonly isProven: boolean;
  readonly currency: string;
  readonly payout: Price;
  readonly revenue: Price;
  /** Empty when the postback gave none. */
  readonly amount: string;
}

/** An operator's word. A text that is empty was not given. */
export interface SaleDecision {
  readonly kind: 'decision';
  readonly id: string;
  readonly verdict: string;
  readonly amount: string;
  readonly payout: string;
  readonly revenue: string;
}

export interface SaleStanding {
  /** Event id of the report in whose row the sale counts. */
  readonly firstId: string;
  readonly status: 'approved' | 'pending' | 'rejected' | 'reversed';
  readonly why: string;
  /** The sale's amount, as given. Empty when nobody gave one. */
  readonly amount: string;
  readonly payoutMicros: bigint;
  readonly revenueMicros: bigint;
  /** Nothing is missing that the prices need. */
  readonly isPayKnown: boolean;
  /** An operator has to look at the sale. */
  readonly isInConflict: boolean;
}

type Word = SaleReport | SaleDecision;

/** A rejection by somebody who proved nothing cannot begin a sale. */
export function canBegin({ status, isProven }: SaleReport): boolean {
  return status !== 'rejected' || isProven;
}

/** Undefined when no report can begin a sale: somebody rejects it, and nobody can tell who. */
export function saleStanding(words: readonly Word[]): SaleStanding | undefined {
  const inTime = [...words].sort((one, other) => (one.id < other.id ? -1 : 1));
  const first = inTime.find((word) => word.kind === 'report' && canBegin(word));
  if (first?.kind !== 'report') return undefined;
  const later = inTime.filter((word) => word.id !== first.id && (word.kind === 'decision' || word.rules > 1));
  let opinion: Opinion = {
    ...{ status: first.status, why: first.why },
    ...{ isDecided: false, isInConflict: false, needsAmount: false },
  };
  later.forEach((word, index) => {
    const { isPayKnown } = payOf(first, later.slice(0, index + 1));
    const said = word.kind === 'report' ? afterReport(opinion, word) : afterDecision(opinion, word, isPayKnown);
    const isTooSoon =
      word.kind === 'report' && opinion.status === 'pending' && said.status === 'approved' && !isPayKnown;
    const next: Opinion = isTooSoon ? { ...said, status: 'pending', why: 'amount-missing' } : said;
    const isAnswered = next.why === 'amount-missing' && isPayKnown;
    opinion = isAnswered ? { ...next, status: 'approved', why: '', needsAmount: false } : next;
  });
  const { isDecided: _, needsAmount, isInConflict, ...outcome } = opinion;
  return { firstId: first.id, ...outcome, isInConflict: isInConflict || needsAmount, ...payOf(first, later) };
}

interface Opinion extends Pick<SaleStanding, 'status' | 'why' | 'isInConflict'> {
  /** An operator approved or rejected the sale. */
  readonly isDecided: boolean;
  /** An operator approved the sale, and nobody knows what it pays. */
  readonly needsAmount: boolean;
}

function afterReport(opinion: Opinion, { status, why, isProven }: SaleReport): Opinion {
  const isOut = opinion.status === 'rejected' || opinion.status === 'reversed';
  if (status === 'rejected') {
    if (isOut) return opinion;
    return isProven && !opinion.isDecided ? rejected(opinion, why) : { ...opinion, isInConflict: true };
  }
  const isUnclear = isProven && (why === 'status-unknown' || why === 'amount-negative');
  if (opinion.status === 'approved' && isUnclear) return { ...opinion, isInConflict: true };
  const waitsForNetwork = opinion.why === 'approval' || opinion.isDecided;
  return opinion.status === 'pending' && !waitsForNetwork ? { ...opinion, status, why } : opinion;
}

function afterDecision(opinion: Opinion, { verdict }: SaleDecision, isPayKnown: boolean): Opinion {
  const decided = { ...opinion, isDecided: true, isInConflict: false, needsAmount: false };
  if (verdict === 'reject') return rejected(decided, 'rejected-by-operator');
  if (verdict !== 'approve') return opinion;
  return isPayKnown ? { ...decided, status: 'approved', why: '' } : { ...opinion, needsAmount: true };
}

/** What was approved once is reversed; anything else is rejected. */
function rejected(opinion: Opinion, why: string): Opinion {
  const wasApproved = opinion.status === 'approved' || opinion.status === 'reversed';
  return { ...opinion, status: wasApproved ? 'reversed' : 'rejected', why };
}

/** What the sale is worth after these words. The first report has fixed the prices. */
function payOf(first: SaleReport, later: readonly Word[]) {
  const decisions = later.filter((word) => word.kind === 'decision').reverse();
  const bringing = later.filter(
    (word) => word.kind === 'report' && word.status !== 'rejected',
  ) as readonly SaleReport[];
  const reports = [first, ...bringing].filter(({ amount }) => amount !== '');
  const amount =
    decisions.find((decision) => decision.amount !== '')?.amount ??
    (reports.find(({ isProven }) => isProven) ?? reports[0])?.amount;
  const decimals = first.rules > 1 ? minorDecimals(first.currency) : undefined;
  const sideOf = (price: Price, side: 'payout' | 'revenue') => {
    const set = decisions.find((decision) => decision[side] !== '')?.[side];
    const due = set === undefined ? price : { type: 'cpa_flat', flat: set, percent: undefined };
    return {
      micros: microsDue(due, 'conversion', amount, decimals),
      isKnown: amount !== undefined || !hasShare(due),
    };
  };
  const [payout, revenue] = [sideOf(first.payout, 'payout'), sideOf(first.revenue, 'revenue')];
  return {
    amount: amount ?? '',
    isPayKnown: payout.isKnown && revenue.isKnown,
    payoutMicros: payout.micros,
    revenueMicros: revenue.micros,
  };
}
