import { parseExactDecimal } from '../money/decimal.ts';

/**
 * The standing of a conversion: what the events of one conversion key come to. It is a function of the set of these
 * events. The order in which they arrive, and how often each arrives, never matters.
 *
 * Reports come from advertisers, decisions from the network's operators. A report moves a standing one way only: from
 * pending to approved or rejected, and from approved to rejected. A decision beats every report before it.
 */

/** One `conversion` event. Reports that were refused, and tests, are no part of a standing. */
export interface ConversionReport {
  readonly kind: 'report';
  /** Event id, UUID v7: ids sort by capture time. */
  readonly id: string;
  readonly status: ConversionStatus;
  /** Why the conversion waits. Set exactly where `status` is pending. */
  readonly pendingFor?: string;
  /** Why the conversion does not count. Set exactly where `status` is rejected. */
  readonly reason?: string;
  /** `unproven`: the catalog says nothing by which the advertiser's postbacks can be told from anybody's. */
  readonly sender: 'proven' | 'unproven';
  /** What is paid. Absent where the postback or the catalog did not say it in a usable way. */
  readonly terms?: ConversionTerms;
  /** The sale's amount, an exact decimal. Absent where the postback gave none that can be used. */
  readonly amount?: string;
}

type ConversionStatus = 'approved' | 'pending' | 'rejected';

interface ConversionTerms {
  readonly currency: string;
  readonly payout: MoneyTerms;
  readonly revenue: MoneyTerms;
}

/** Exact decimals in units of the currency; `percent` is a share of the sale's amount. */
interface MoneyTerms {
  readonly flat: string;
  readonly percent: string;
}

/** One `decision` event whose signature was verified. */
export interface ConversionDecision {
  readonly kind: 'decision';
  readonly id: string;
  readonly verdict: 'approve' | 'reject' | 'set-amount';
  /** Exact decimal. `set-amount` has one; `approve` may have one. */
  readonly amount?: string;
}

export type ConversionEvent = ConversionReport | ConversionDecision;

export interface ConversionStanding {
  /** Event id of the first report. Its time fixes the hour in which the conversion counts. */
  readonly firstId: string;
  readonly status: ConversionStatus;
  readonly pendingFor?: string;
  readonly reason?: string;
  /** Of the first report that has usable ones. */
  readonly terms?: ConversionTerms;
  /** An operator's amount if there is one, else the first usable one. */
  readonly amount?: string;
  /** How many reports came after the first. */
  readonly repeatCount: number;
  /** What an operator has to look at, in the order of the events. A later decision on the status clears it. */
  readonly conflicts: readonly StandingConflict[];
}

/**
 * `rejected-after-decision`: the advertiser rejects what an operator decided. `rejected-without-proof`: somebody rejects
 * a conversion, and nobody can tell whether that was the advertiser. `amount-needed`: an operator approved a conversion
 * whose pay is a share of an amount that nobody gave.
 */
interface StandingConflict {
  readonly eventId: string;
  readonly kind: 'rejected-after-decision' | 'rejected-without-proof' | 'amount-needed';
}

/** Undefined without any report: a decision about nothing decides nothing. */
export function conversionStanding(events: Iterable<ConversionEvent>): ConversionStanding | undefined {
  const sorted = distinctById(events);
  const first = sorted.find((event) => event.kind === 'report');
  if (first === undefined) return undefined;
  // An operator has seen the report before deciding, whatever the clocks of two machines say.
  const early = sorted.filter((event) => event.kind === 'decision' && event.id < first.id);
  const late = sorted.filter((event) => event.id > first.id);
  const standing = startOf(first);
  for (const event of [...early, ...late]) {
    if (event.kind === 'report') addReport(standing, event);
    else addDecision(standing, event);
  }
  const { isDecided: _, ...result } = standing;
  return result;
}

/** In the order of ids. Two events of one id are one event. */
function distinctById(events: Iterable<ConversionEvent>): readonly ConversionEvent[] {
  const byId = new Map([...events].map((event) => [event.id, event]));
  return [...byId.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface RunningStanding extends Mutable<ConversionStanding> {
  conflicts: StandingConflict[];
  /** An operator approved or rejected. */
  isDecided: boolean;
}

function startOf({ id, status, pendingFor, reason, terms, amount }: ConversionReport): RunningStanding {
  return {
    firstId: id,
    status,
    ...(pendingFor !== undefined && { pendingFor }),
    ...(reason !== undefined && { reason }),
    ...(terms !== undefined && { terms }),
    ...(amount !== undefined && { amount }),
    repeatCount: 0,
    conflicts: [],
    isDecided: false,
  };
}

function addReport(standing: RunningStanding, report: ConversionReport): void {
  standing.repeatCount += 1;
  if (standing.terms === undefined && report.terms !== undefined) standing.terms = report.terms;
  if (standing.amount === undefined && report.amount !== undefined) standing.amount = report.amount;
  if (report.status === 'rejected') addRejection(standing, report);
  else if (!standing.isDecided && standing.status === 'pending') endWait(standing, report);
}

/** Rejecting what is rejected already changes nothing. */
function addRejection(standing: RunningStanding, { id, sender, reason }: ConversionReport): void {
  if (standing.status === 'rejected') return;
  if (sender === 'unproven') standing.conflicts.push({ eventId: id, kind: 'rejected-without-proof' });
  else if (standing.isDecided) standing.conflicts.push({ eventId: id, kind: 'rejected-after-decision' });
  else setStatus(standing, { status: 'rejected', reason });
}

/** What waits for the network's own approval goes on waiting, whatever an advertiser says. */
function endWait(standing: RunningStanding, { status, pendingFor }: ConversionReport): void {
  if (standing.pendingFor !== 'approval') setStatus(standing, { status, pendingFor });
}

function addDecision(standing: RunningStanding, { id, verdict, amount }: ConversionDecision): void {
  if (verdict === 'approve' && amount === undefined && lacksAmount(standing)) {
    standing.conflicts.push({ eventId: id, kind: 'amount-needed' });
    return;
  }
  if (amount !== undefined) standing.amount = amount;
  if (verdict === 'set-amount') return;
  setStatus(
    standing,
    verdict === 'approve' ? { status: 'approved' } : { status: 'rejected', reason: 'rejected-by-operator' },
  );
  standing.isDecided = true;
  standing.conflicts = [];
}

function lacksAmount({ terms, amount }: RunningStanding): boolean {
  return amount === undefined && terms !== undefined && [terms.payout, terms.revenue].some(isShare);
}

function isShare({ percent }: MoneyTerms): boolean {
  return (parseExactDecimal(percent)?.units ?? 0n) > 0n;
}

function setStatus(
  standing: RunningStanding,
  {
    status,
    pendingFor,
    reason,
  }: Pick<ConversionReport, 'status'> & { pendingFor?: string | undefined; reason?: string | undefined },
): void {
  standing.status = status;
  delete standing.pendingFor;
  delete standing.reason;
  if (pendingFor !== undefined) standing.pendingFor = pendingFor;
  if (reason !== undefined) standing.reason = reason;
}
