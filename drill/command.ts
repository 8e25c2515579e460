import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { catalogKey } from '../core/catalog/snapshot.ts';
import { type FrontDoorKind, frontDoors } from '../core/config/front-doors.ts';
import type { Clock } from '../core/ports.ts';
import type { LocalCloud } from '../local/handle.ts';
import type { Sender } from './load/sender.ts';
import type { Operate } from './operate.ts';
import { drillCatalogFile, type PublishedCatalog, readDrillCatalog, readProject } from './project.ts';
import { progressLines } from './report/progress.ts';
import type { DrillReport } from './report/report.ts';
import { summaryLines } from './report/summary.ts';
import { runAllDrills } from './run-all-drills.ts';
import { runDrill } from './run-drill.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { loadScenario, scenarioComment, scenarioNames } from './scenarios/scenario-file.ts';

/** The parts of the process that the command needs. */
export interface DrillShell {
  readonly clock: Clock;
  sender(origin: string): Sender;
  /** Runs the operator's command of this project. */
  readonly operate: Operate;
  /** Why the release of a commit cannot run here, in one line; undefined when it can. */
  lackOf(commit: string): Promise<string | undefined>;
  /** Starts a fresh cloud on free ports. */
  startCloud(options: CloudWish): Promise<LocalCloud>;
  print(line: string): void;
  printError(line: string): void;
}

interface CloudWish extends Pick<Scenario, 'speed' | 'seed' | 'releases'> {
  /** Absent = that of the config. */
  readonly frontDoor?: FrontDoorKind;
  /** A path. Absent = that of the config. */
  readonly catalog?: string;
}

interface Flags {
  readonly list?: true;
  readonly report?: string;
  readonly frontDoor?: FrontDoorKind;
}

const exitStatus = { passed: 0, failed: 1, userMistake: 2 } as const;

/** `args` without the executable. Returns the exit status: 0 passed, 1 failed, 2 for a mistake of the user. */
export async function drillCommand(args: readonly string[], shell: DrillShell): Promise<number> {
  const command = describeCommand(shell);
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.passed : exitStatus.userMistake;
    throw error;
  }
  const flags = command.opts<Flags>();
  if (flags.list) return listScenarios(shell);
  const [nameOrFile] = command.args;
  if (nameOrFile === undefined) return refuse(shell, [`name a scenario, or all: ${scenarioNames().join(', ')}`]);
  return drill(nameOrFile, flags, shell);
}

function describeCommand(shell: DrillShell): Command {
  return new Command('drill')
    .description('Break a local cloud under load, heal it, and check that nothing was lost.')
    .argument('[scenario]', 'name of a scenario (see --list), path of a scenario file (see docs/drills.md), or all')
    .option('--report <file>', 'write the report as JSON')
    .addOption(new Option('--front-door <kind>', 'another front door than that of the config').choices(frontDoors))
    .option('--list', 'list the scenarios that come with Keeptrack')
    .addHelpText('after', '\nExit status: 0 passed, 1 failed, 2 nothing was run because of a mistake in the input.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.print(text.trimEnd()),
      writeErr: (text) => shell.printError(text.trimEnd()),
    });
}

function listScenarios({ print }: DrillShell): number {
  for (const name of scenarioNames()) print(`${name.padEnd(38)} ${scenarioComment(name)}`);
  return exitStatus.passed;
}

async function drill(nameOrFile: string, { report: reportFile, frontDoor }: Flags, shell: DrillShell): Promise<number> {
  const read = readProject();
  if (read.kind === 'wrong') return refuse(shell, read.problems);
  const { regions } = read.project;
  const loaded = loadScenarios(nameOrFile === 'all' ? scenarioNames() : [nameOrFile], regions);
  const problems = [
    ...loaded.problems,
    ...(reportFile === undefined ? [] : problemsOfReportFile(reportFile)),
    ...(await missingReleases(loaded.scenarios, shell)),
  ];
  if (problems.length > 0) return refuse(shell, problems);
  const run = (scenario: Scenario) => drillInFreshCloud(scenario, read.project, frontDoor, shell);
  const report = await (nameOrFile === 'all' ? runAllDrills : drillOne)(loaded.scenarios, run, shell);
  if (reportFile !== undefined) writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  return report.verdict === 'PASSED' ? exitStatus.passed : exitStatus.failed;
}

function loadScenarios(names: readonly string[], regions: readonly string[]) {
  const loaded = names.map((name) => loadScenario(name, regions));
  return {
    scenarios: loaded.flatMap((one) => (one.kind === 'loaded' ? [one.scenario] : [])),
    problems: loaded.flatMap((one) => (one.kind === 'wrong' ? one.problems : [])),
  };
}

async function drillOne(
  [scenario]: readonly Scenario[],
  run: (scenario: Scenario) => Promise<DrillReport>,
): Promise<DrillReport> {
  if (scenario === undefined) throw new Error('there is no scenario to run');
  return run(scenario);
}

/** Checked before the first drill, because later drills may run only after an hour. */
async function missingReleases(scenarios: readonly Scenario[], { lackOf }: DrillShell): Promise<string[]> {
  const commits = new Set(scenarios.flatMap(({ releases }) => Object.values(releases)));
  const lacks = await Promise.all([...commits].map((commit) => lackOf(commit)));
  return lacks.filter((lack) => lack !== undefined);
}

/** Checked before the drill, which takes minutes. */
function problemsOfReportFile(file: string): string[] {
  if (!existsSync(dirname(file))) return [`--report: there is no folder ${dirname(file)}`];
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ? [`--report: ${file} is a folder`] : [];
}

async function drillInFreshCloud(
  scenario: Scenario,
  published: PublishedCatalog,
  frontDoor: FrontDoorKind | undefined,
  shell: DrillShell,
): Promise<DrillReport> {
  shell.print(
    `drill ${scenario.name}: ${scenario.durationMs / 1_000} s of load, seed ${scenario.seed}, speed ${scenario.speed}${frontDoor === undefined ? '' : `, front door ${frontDoor}`}`,
  );
  shell.print('starting a local cloud for this drill …');
  const { speed, seed, releases, catalog: own } = scenario;
  const cloud = await shell.startCloud({
    ...{ speed, seed, releases },
    ...(frontDoor !== undefined && { frontDoor }),
    ...(own !== undefined && { catalog: drillCatalogFile(own) }),
  });
  try {
    const { catalog, snapshot } = own === undefined ? published : readDrillCatalog(own);
    for (const region of cloud.regions) cloud.plantLogObject(region, catalogKey, Buffer.from(snapshot));
    const report = await runDrill(cloud, scenario, catalog, { ...shell, progress: progressLines(shell.print) });
    for (const line of summaryLines(report)) shell.print(line);
    return report;
  } finally {
    await cloud.stop();
  }
}

function refuse({ printError }: DrillShell, problems: readonly string[]): number {
  for (const problem of problems) printError(problem);
  return exitStatus.userMistake;
}
