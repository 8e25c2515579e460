import type { Clock } from '../core/ports.ts';
import { type GrantRow, grantLines, grantName, summedGrants, unusedGrants } from './evidence/grants.ts';
import { totalOf } from './load/sent-record.ts';
import type { DrillReport } from './report/report.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** The JSON of `--report` for all drills together. */
export interface AllDrillsReport {
  readonly verdict: 'PASSED' | 'FAILED';
  /** One line for each violation, in one drill or over all of them. */
  readonly broken: readonly string[];
  readonly drills: readonly DrillReport[];
  /** The sums over all drills. */
  readonly grants: readonly GrantRow[];
}

interface DrillRun {
  readonly report: DrillReport;
  readonly tookMs: number;
}

/** Adds the one check that needs all drills: every grant of a role is used in some drill. */
export function allDrillsReport(drills: readonly DrillReport[], surprises: readonly string[] = []): AllDrillsReport {
  const grants = summedGrants(drills.flatMap((report) => report.grants));
  const broken = [
    ...surprises,
    ...drills.flatMap(({ scenario, broken: own }) => own.map((line) => `${scenario}: ${line}`)),
    ...unusedGrants(grants).map((row) => `policy: granted, but used in no drill: ${grantName(row)}`),
  ];
  return { verdict: broken.length === 0 ? 'PASSED' : 'FAILED', broken, drills, grants };
}

interface Shell {
  readonly clock: Clock;
  print(line: string): void;
}

/** Runs one drill after the other. A drill that fails or ends in an error does not stop the others. */
export async function runAllDrills(
  scenarios: readonly Scenario[],
  run: (scenario: Scenario) => Promise<DrillReport>,
  { clock, print }: Shell,
): Promise<AllDrillsReport> {
  const runs: DrillRun[] = [];
  const surprises: string[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    print(`[${index + 1} of ${scenarios.length}]`);
    const startMs = clock.nowMs();
    try {
      const report = await run(scenario);
      runs.push({ report, tookMs: clock.nowMs() - startMs });
    } catch (error) {
      // The results of the other drills must not be lost.
      surprises.push(`${scenario.name}: ended in an error: ${(error as Error).stack ?? error}`);
    }
  }
  const whole = allDrillsReport(
    runs.map(({ report }) => report),
    surprises,
  );
  for (const line of wholeLines(whole, runs)) print(line);
  return whole;
}

function wholeLines({ verdict, broken, grants }: AllDrillsReport, runs: readonly DrillRun[]): readonly string[] {
  return [
    '',
    ...table(runs),
    '',
    'function, action, resource, number of calls that needed the grant:',
    ...grantLines(grants).map((line) => `  ${line}`),
    '',
    `${verdict} all`,
    ...broken.map((line) => `  ${line}`),
  ];
}

const columns = ['lost', 'twice', 'missing', 'refused', 'unconfirmed', 'stranded', 'shift', 'drain', 'took'] as const;

function table(runs: readonly DrillRun[]): readonly string[] {
  const rows = runs.map(({ report, tookMs }) => [
    report.scenario,
    report.verdict,
    report.lost,
    report.counted_twice ?? '-',
    report.missing_in_final ?? '-',
    totalOf(report.refused),
    report.unconfirmed,
    report.stranded,
    secondsOf(report.shift_ms),
    secondsOf(report.drain_ms),
    secondsOf(tookMs),
  ]);
  return [['', '', ...columns], ...rows].map((cells) =>
    cells
      .map((cell, index) => (index < 2 ? String(cell).padEnd(index === 0 ? 38 : 8) : String(cell).padStart(12)))
      .join(''),
  );
}

function secondsOf(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1_000).toFixed(1)} s`;
}
