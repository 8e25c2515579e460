import prices from '../../bench/prices.json' with { type: 'json' };
import { loadTypes } from '../load/sent-record.ts';
import type { DrillReport } from './report.ts';

/** The report as text for people, with the verdict at the end. */
export function summaryLines(report: DrillReport): readonly string[] {
  return [
    '',
    ...countTable(report),
    '',
    `lost ${report.lost}, unconfirmed ${report.unconfirmed}, stranded ${report.stranded}, dead-lettered ${report.dead_lettered}`,
    figuresText(report),
    postbacksText(report.postbacks),
    ...report.caps.map(capText),
    `captured by ${listText(report.captured_by)}`,
    latencyText(report.latency_ms),
    report.drain_ms === null
      ? `the backlog never drained; ${nameText(report)}`
      : `the backlog drained ${durationText(report.drain_ms)} after healing; ${nameText(report)}`,
    `AWS calls ${listText(report.aws_calls)}`,
    priceText(report.usd_per_million_clicks),
    '',
    `${report.verdict} ${report.scenario}`,
    ...report.broken.map((line) => `  ${line}`),
  ];
}

function countTable(report: DrillReport): string[] {
  const columns = ['sent', 'answered', 'refused', 'acknowledged'] as const;
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(13))).join('');
  return [
    row(['', ...columns]),
    ...loadTypes.map((type) => row([type, ...columns.map((column) => report[column][type])])),
  ];
}

/** The miscounts of the final figures, and the money by the drill's own count. */
function figuresText({ counted_twice, missing_in_final, figures }: DrillReport): string {
  if (counted_twice === null) return 'no region makes final figures';
  const { payout, revenue } = figures['expected'] ?? {};
  return `final figures: ${counted_twice} counted twice, ${missing_in_final} missing; payout ${payout}, revenue ${revenue}`;
}

function postbacksText({
  owed,
  missing,
  accepted,
  again,
  failed,
  slowest_ms: slowest,
}: DrillReport['postbacks']): string {
  const wait = slowest === null ? '' : `; the slowest took ${durationText(slowest)}`;
  return `postbacks: ${owed} owed, ${missing} missing, ${accepted} accepted, ${again} of them again, ${failed} failed${wait}`;
}

function capText({ cap, mode, sent_on_late, bound, bound_worst, unseen_ms }: DrillReport['caps'][number]): string {
  const seconds = (unseen_ms / 1_000).toFixed(1);
  return (
    `cap ${cap} (${mode}): ${sent_on_late} clicks sent on after it was used up; ` +
    `bound ${bound} of its own clicks in ${seconds} s, ${bound_worst} of all`
  );
}

function listText(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.join(', ') || 'none';
}

function latencyText(latency: DrillReport['latency_ms']): string {
  const phases = Object.entries(latency).map(([phase, { p50, p99 }]) => `${phase} ${p50 ?? '-'} / ${p99 ?? '-'}`);
  return `clicks answered in (p50 / p99, ms): ${phases.join(', ')}`;
}

function nameText({ shift_ms, clients_shift_ms, return_ms }: DrillReport): string {
  if (shift_ms === null) return 'the name never moved';
  const left =
    clients_shift_ms === null ? 'some clients never left' : `the last client ${durationText(clients_shift_ms)}`;
  const back = return_ms === null ? 'it never returned' : `it returned ${durationText(return_ms)} after healing`;
  return `the name moved ${durationText(shift_ms)} after the first fault, ${left}; ${back}`;
}

function durationText(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s (model time)`;
}

function priceText(usd: number | null): string {
  return usd === null
    ? 'no price, because no click was sent'
    : `requests for a million clicks at this load: ${usd.toFixed(2)} USD (prices of ${prices.asOf})`;
}
