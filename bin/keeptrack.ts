#!/usr/bin/env -S node --import tsx
import { askTerminal } from '../operator/cli/ask-terminal.ts';
/** What an operator does with a deployment: `keeptrack --help`. */
import { keeptrack } from '../operator/cli/keeptrack.ts';
import { openPrinter } from '../operator/cli/printer.ts';
import { processShell } from '../operator/cli/process-shell.ts';

// Whoever reads the result may have enough of it; what the command changes it changes to the end.
const { print, printError } = openPrinter();

process.exitCode = await keeptrack(process.argv.slice(2), {
  ...processShell,
  out: print,
  error: printError,
  progress: printError,
  ask: askTerminal,
});
