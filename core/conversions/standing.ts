import { type ConversionTerms, isShare, type MoneyTerms } from './conversion-terms.ts';

/**
 * The standing of a conversion: what the events of one conversion key come to. It is a function of the set of these
 * events. The order in which they arrive, and how often each arrives, never matters.
 *
 * Reports come from advertisers, decisions from the network's operators. A report moves a standing one way only: from
 * pending to approved or rejected, and from approved to reversed. A decision beats every report before it.
 */

/** One `conversion` event. Reports that Keeptrack refused, and tests, are no part of a standing. */
export interface ConversionReport {
  readonly kind: 'report';
  /** Event id, UUID v7: ids sort by capture time. */
  readonly id: string;
  /** The version of the counting rules at its capture. Under rules 1 a later report changed nothing. */
  readonly rules: number;
  readonly status: 'approved' | 'pending' | 'rejected';
  /** Why the conversion waits. Set exactly where `status` is pending. */
  readonly pendingFor?: string;
  /** Why the conversion does not count. Set exactly where `status` is rejected. */
  readonly reason?: string;
  /** `unproven`: the catalog says nothing by which the advertiser's postbacks can be told from anybody's. */
  readonly sender: 'proven' | 'unproven';
  /** The transaction id. With a wider `unique_id_scope`, reports of several clicks have one key. */
  readonly click?: string;
  /** Whose offer it is. Present where conversions of several advertisers can have one key. */
  readonly advertiserId?: number;
  /** The session of the click had ended. The report can go on with a conversion, and can begin none. */
  readonly isLate?: boolean;
  /** The advertiser rejects a conversion of a click that is too old (`click-too-old`), so a person has to decide. */
  readonly rejectsTooLate?: boolean;
  /** What is paid. Absent where the postback or the catalog did not say it in a usable way. */
  readonly terms?: ConversionTerms;
  /** The sale's amount, an exact decimal. Absent where the postback gave none that can be used. */
  readonly amount?: string;
}

/** One `decision` event whose signature was verified. */
export interface ConversionDecision {
  readonly kind: 'decision';
  readonly id: string;
  readonly verdict: 'approve' | 'reject' | 'set-amount';
  /** The sale's amount, an exact decimal. */
  readonly amount?: string;
  /** What is due instead of what the terms say, exact decimals in the conversion's currency. */
  readonly payout?: string;
  readonly revenue?: string;
  /** Of `approve`: pay the conversion even if it is over a cap. */
  readonly isPaidOverCap?: boolean;
}

export type ConversionEvent = ConversionReport | ConversionDecision;

export interface ConversionStanding {
  /** Event id of the first report. Its time fixes the hour in which the conversion counts. */
  readonly firstId: string;
  /** The counting rules of the first report. */
  readonly rules: number;
  /** `reversed`: rejected after it was approved. */
  readonly status: 'approved' | 'pending' | 'rejected' | 'reversed';
  /** The event that gave this status. Never smaller than `firstId`. */
  readonly statusId: string;
  readonly pendingFor?: string;
  readonly reason?: string;
  /** Of the first report that has usable ones. */
  readonly terms?: ConversionTerms;
  /** An operator's amount if there is one, else the first usable one, preferably from a proven sender. */
  readonly amount?: string;
  /** What an operator set instead of what the terms say. */
  readonly payout?: string;
  readonly revenue?: string;
  /** What an operator has to look at, in the order of the events. A later decision on the status clears it. */
  readonly conflicts: readonly StandingConflict[];
  /** An operator approved or rejected. */
  readonly isDecided: boolean;
  /** The approving decision also pays what is over a cap. */
  readonly isPaidOverCap?: boolean;
  /** Event id of the latest decision that undid a rejection. */
  readonly placedById?: string;
}

/**
 * `rejected-after-decision`: the advertiser rejects what an operator decided. `rejected-without-proof`: somebody rejects
 * a conversion, and nobody can tell whether that was the advertiser. `rejected-too-late`: the advertiser rejects a
 * conversion whose click is too old. `unclear-report`: a later report of the advertiser says something that Keeptrack does
 * not understand, perhaps a refund. `amount-needed`: an operator approved a conversion whose pay nobody knows.
 */
interface StandingConflict {
  readonly eventId: string;
  readonly kind:
    | 'rejected-after-decision'
    | 'rejected-without-proof'
    | 'rejected-too-late'
    | 'unclear-report'
    | 'amount-needed';
}

/**
 * Whether the report can begin a standing. A rejection by somebody who proved nothing cannot: whoever sees the id of a
 * click could then reject its sale in advance.
 */
export function canBeFirst(event: ConversionEvent): event is ConversionReport {
  if (event.kind !== 'report' || event.isLate) return false;
  return event.status !== 'rejected' || event.sender === 'proven';
}

/** Undefined without a report that can be first: a decision about nothing decides nothing. */
export function conversionStanding(events: Iterable<ConversionEvent>): ConversionStanding | undefined {
  const sorted = distinctById(events);
  const first = sorted.find(canBeFirst);
  if (first === undefined) return undefined;
  // An operator has seen the report before deciding, whatever the clocks of two machines say.
  const early = sorted.filter((event) => event.id < first.id);
  const late = sorted.filter((event) => event.id > first.id);
  const standing = startOf(first);
  for (const event of [...early, ...late]) {
    const { status } = standing;
    if (event.kind === 'report') addReport(standing, event);
    else addDecision(standing, event);
    endWaitForAmount(standing);
    if (standing.status !== status) standing.statusId = event.id > first.id ? event.id : first.id;
  }
  const { first: _, amountBy: __, ...result } = standing;
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
  readonly first: ConversionReport;
  /** Who gave the amount. */
  amountBy: 'nobody' | 'unproven' | 'proven' | 'operator';
}

function startOf(first: ConversionReport): RunningStanding {
  const { id, rules, status, pendingFor, reason, terms, amount, sender } = first;
  return {
    first,
    firstId: id,
    rules,
    status,
    statusId: id,
    ...(pendingFor !== undefined && { pendingFor }),
    ...(reason !== undefined && { reason }),
    ...(terms !== undefined && { terms }),
    ...(amount !== undefined && { amount }),
    conflicts: [],
    isDecided: false,
    amountBy: amount === undefined ? 'nobody' : sender,
  };
}

/**
 * A report of another advertiser changes nothing. A report of another click can only take the conversion back: a wait
 * for a person, such as `robot-click`, concerns the first click.
 */
function addReport(standing: RunningStanding, report: ConversionReport): void {
  const { first } = standing;
  if (report.rules < 2 || report.advertiserId !== first.advertiserId) return;
  const isSameClick = report.click === first.click;
  // What is taken back says nothing about what is paid.
  if (isSameClick && report.status !== 'rejected' && !report.rejectsTooLate) addMoney(standing, report);
  if (report.status === 'rejected') addRejection(standing, report);
  else if (report.rejectsTooLate) addConflict(standing, report, 'rejected-too-late');
  else if (isSameClick) addApproval(standing, report);
}

/** Of a report that rejects nothing. */
function addApproval(standing: RunningStanding, report: ConversionReport): void {
  if (!standing.isDecided && standing.status === 'pending') moveOn(standing, report);
  else if (report.sender === 'proven' && isUnclear(report)) addConflict(standing, report, 'unclear-report');
}

/** Such a report can mean a refund. */
function isUnclear({ pendingFor }: ConversionReport): boolean {
  return pendingFor === 'status-unknown' || pendingFor === 'amount-negative';
}

/** An amount in another currency than the terms' says nothing about what they pay. */
function addMoney(standing: RunningStanding, { amount, sender, terms }: ConversionReport): void {
  if (standing.terms === undefined && terms !== undefined) standing.terms = terms;
  const isBetter = standing.amountBy === 'nobody' || (standing.amountBy === 'unproven' && sender === 'proven');
  if (amount === undefined || !isBetter || terms?.currency !== standing.terms?.currency) return;
  standing.amount = amount;
  standing.amountBy = sender;
}

/** Rejecting what is rejected already changes nothing. */
function addRejection(standing: RunningStanding, { id, sender, reason }: ConversionReport): void {
  if (isRejected(standing)) return;
  if (sender === 'unproven') standing.conflicts.push({ eventId: id, kind: 'rejected-without-proof' });
  else if (standing.isDecided) standing.conflicts.push({ eventId: id, kind: 'rejected-after-decision' });
  else reject(standing, reason);
}

/** What is rejected already is no conflict. */
function addConflict(standing: RunningStanding, { id }: ConversionReport, kind: StandingConflict['kind']): void {
  if (!isRejected(standing)) standing.conflicts.push({ eventId: id, kind });
}

/** What waits for the network's own approval goes on waiting, whatever an advertiser says. */
function moveOn(standing: RunningStanding, { status, pendingFor }: ConversionReport): void {
  if (standing.pendingFor === 'approval' || status === 'rejected') return;
  // Terms are those of the first report. They can need an amount that this report did not need.
  const lacks = status === 'approved' && lacksMoney(standing);
  setStatus(standing, lacks ? { status: 'pending', pendingFor: 'amount-missing' } : { status, pendingFor });
}

/** One report can approve a sale and another one give its amount. */
function endWaitForAmount(standing: RunningStanding): void {
  if (standing.pendingFor !== 'amount-missing' || lacksMoney(standing)) return;
  setStatus(standing, { status: 'approved' });
  standing.conflicts = standing.conflicts.filter(({ kind }) => kind !== 'amount-needed');
}

function addDecision(standing: RunningStanding, decision: ConversionDecision): void {
  const { id, verdict, amount, payout, revenue } = decision;
  if (amount !== undefined) {
    standing.amount = amount;
    standing.amountBy = 'operator';
  }
  if (payout !== undefined) standing.payout = payout;
  if (revenue !== undefined) standing.revenue = revenue;
  if (verdict === 'set-amount') return;
  if (verdict === 'approve' && lacksMoney(standing)) {
    standing.conflicts.push({ eventId: id, kind: 'amount-needed' });
    return;
  }
  if (verdict === 'approve') approve(standing, decision);
  else reject(standing, 'rejected-by-operator');
  standing.isDecided = true;
  standing.conflicts = [];
}

function approve(standing: RunningStanding, { id, isPaidOverCap }: ConversionDecision): void {
  if (isRejected(standing)) standing.placedById = id;
  setStatus(standing, { status: 'approved' });
  if (isPaidOverCap) standing.isPaidOverCap = true;
}

/** Whether nobody can tell what the conversion pays. */
function lacksMoney({ terms, amount, payout, revenue }: RunningStanding): boolean {
  return isUnknown(terms?.payout, payout, amount) || isUnknown(terms?.revenue, revenue, amount);
}

function isUnknown(terms: MoneyTerms | undefined, set: string | undefined, amount: string | undefined): boolean {
  return set === undefined && (terms === undefined || (isShare(terms) && amount === undefined));
}

function isRejected({ status }: ConversionStanding): boolean {
  return status === 'rejected' || status === 'reversed';
}

function reject(standing: RunningStanding, reason: string | undefined): void {
  delete standing.isPaidOverCap;
  const wasApproved = standing.status === 'approved' || standing.status === 'reversed';
  setStatus(standing, { status: wasApproved ? 'reversed' : 'rejected', reason });
}

function setStatus(
  standing: RunningStanding,
  {
    status,
    pendingFor,
    reason,
  }: Pick<ConversionStanding, 'status'> & { pendingFor?: string | undefined; reason?: string | undefined },
): void {
  standing.status = status;
  delete standing.pendingFor;
  delete standing.reason;
  if (pendingFor !== undefined) standing.pendingFor = pendingFor;
  if (reason !== undefined) standing.reason = reason;
}
