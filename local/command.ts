import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type FrontDoorKind, frontDoors } from '../core/config/front-doors.ts';
import type { LocalCloudOptions } from './cloud.ts';
import type { LocalCloud } from './handle.ts';
import { UserError } from './listen.ts';
import { usualPorts } from './ports.ts';
import { TemplateRefused } from './template/refusal.ts';
import { welcome } from './welcome.ts';

/** The parts of the process that the command uses. */
export interface LocalShell {
  nowMs(): number;
  start(options: LocalCloudOptions): Promise<LocalCloud>;
  print(text: string): void;
  printError(text: string): void;
  /** Resolved when the user wants to stop. */
  interrupted: Promise<void>;
}

interface Flags {
  readonly portName: number;
  readonly portRegion1: number;
  readonly portRegion2: number;
  readonly portHttpName: number;
  readonly portHttpRegion1: number;
  readonly portHttpRegion2: number;
  readonly portConsole: number;
  readonly portEndpoint: number;
  readonly config: string;
  readonly frontDoor?: FrontDoorKind;
  readonly data: string;
  readonly keep?: true;
  readonly speed: number;
}

const exitStatus = { stopped: 0, userMistake: 2 } as const;

/** `args` lack the executable. Runs until interrupted. Returns the exit status: 2 = a mistake of the user. */
export async function localCommand(args: readonly string[], shell: LocalShell): Promise<number> {
  const command = describeCommand(shell);
  try {
    command.parse(args, { from: 'user' });
    return await runCloud(command.opts<Flags>(), shell);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.stopped : exitStatus.userMistake;
    if (!(error instanceof UserError || error instanceof TemplateRefused)) throw error;
    shell.printError(error.message);
    return exitStatus.userMistake;
  }
}

function describeCommand(shell: LocalShell): Command {
  return new Command('npm start --')
    .description('Runs the deployed templates on this machine: two regions, their functions, S3, SQS and DynamoDB.')
    .option('--port-name <port>', 'the tracking name', port, usualPorts.name)
    .option('--port-region-1 <port>', 'the first region directly', port, usualPorts.regions[0])
    .option('--port-region-2 <port>', 'the second region directly', port, usualPorts.regions[1])
    .option('--port-http-name <port>', 'port 80 of the tracking name', port, usualPorts.overHttp.name)
    .option('--port-http-region-1 <port>', 'port 80 of the first region', port, usualPorts.overHttp.regions[0])
    .option('--port-http-region-2 <port>', 'port 80 of the second region', port, usualPorts.overHttp.regions[1])
    .option('--port-console <port>', 'the console page and its JSON API', port, usualPorts.console)
    .option('--port-endpoint <port>', 'the AWS endpoint', port, usualPorts.endpoint)
    .option('--config <file>', 'the deploy config', 'keeptrack.config.json')
    .addOption(new Option('--front-door <kind>', 'another front door than that of the config').choices(frontDoors))
    .option('--data <folder>', 'where buckets and templates are kept', path.join('.keeptrack', 'local'))
    .option('--keep', 'continue with the data of the last run instead of starting afresh')
    .option('--speed <times>', 'how many times faster schedules and health checks run', speed, 1)
    .addHelpText('after', '\nA port of 0 is any free one. Only a load balancer has a port 80. Stop with Ctrl-C.')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.print(text.trimEnd()),
      writeErr: (text) => shell.printError(text.trimEnd()),
    });
}

function port(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function speed(text: string): number {
  const value = Number(text);
  if (value >= 1 && value <= 1_000) return value;
  throw new InvalidArgumentError('A speed is a number from 1 to 1000.');
}

async function runCloud(flags: Flags, shell: LocalShell): Promise<number> {
  if (!existsSync(flags.config))
    throw new UserError(`there is no ${flags.config}: name the deploy config with --config`);
  const startedAtMs = shell.nowMs();
  const cloud = await shell.start({
    configFile: path.resolve(flags.config),
    dataFolder: path.resolve(flags.data),
    keep: flags.keep ?? false,
    speed: flags.speed,
    ...(flags.frontDoor !== undefined && { frontDoor: flags.frontDoor }),
    ports: {
      name: flags.portName,
      regions: [flags.portRegion1, flags.portRegion2],
      overHttp: { name: flags.portHttpName, regions: [flags.portHttpRegion1, flags.portHttpRegion2] },
      console: flags.portConsole,
      endpoint: flags.portEndpoint,
    },
    onProgress: (step) => shell.print(`${seconds(shell.nowMs() - startedAtMs)}  ${step}`),
  });
  shell.print(welcome(cloud, flags.data, seconds(shell.nowMs() - startedAtMs).trim()));
  await shell.interrupted;
  shell.print(`\nstopping${flags.keep ? ` (the data is kept for the next start with --keep)` : ''} …`);
  await cloud.stop();
  return exitStatus.stopped;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1).padStart(5)} s`;
}
