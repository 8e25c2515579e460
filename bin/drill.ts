#!/usr/bin/env -S npx tsx
import path from 'node:path';
import { drillCommand } from '../drill/command.ts';
import { operateWith } from '../drill/killed-command.ts';
import { httpSender } from '../drill/load/sender.ts';
import { startLocalCloud } from '../local/cloud.ts';
import { lackOf } from '../local/earlier-release.ts';
import type { LocalCloud } from '../local/handle.ts';
import { UserError } from '../local/listen.ts';
import { TemplateRefused } from '../local/template/refusal.ts';
import { closedPipeExitCode, openPrinter } from '../operator/cli/printer.ts';
import { runUnattended } from '../operator/cli/run-unattended.ts';

const config = path.resolve(import.meta.dirname, '../keeptrack.config.json');
const clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs)),
};
let cloud: LocalCloud | undefined;
/** The operator's watch shows the time of the cloud, which a step may have set forward. */
const operatorsClock = { ...clock, nowMs: () => Math.floor(cloud?.state().nowMs ?? clock.nowMs()) };
const leave = (exitCode: number) => void Promise.resolve(cloud?.stop()).finally(() => process.exit(exitCode));
process.once('SIGINT', () => leave(130));
const printer = openPrinter(() => leave(closedPipeExitCode));

try {
  process.exitCode = await drillCommand(process.argv.slice(2), {
    clock,
    sender: httpSender,
    operate: operateWith(config, (args) => runUnattended(args, operatorsClock)),
    lackOf: (commit) => lackOf(commit, path.dirname(config)),
    startCloud: async (options) => (cloud = await startLocalCloud(options)),
    ...printer,
  });
} catch (error) {
  if (!(error instanceof UserError || error instanceof TemplateRefused)) throw error;
  printer.printError(error.message);
  process.exitCode = 2;
}
