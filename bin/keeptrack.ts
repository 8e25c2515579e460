#!/usr/bin/env -S node --import tsx
/** What an operator does with a deployment: `keeptrack --help`. */
import { keeptrack } from '../operator/keeptrack.ts';
import { processShell } from '../operator/process-shell.ts';
import { askTerminal } from '../operator/terminal.ts';

process.exitCode = await keeptrack(process.argv.slice(2), {
  ...processShell,
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  progress: (line) => console.error(line),
  ask: askTerminal,
});
