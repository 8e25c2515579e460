#!/usr/bin/env -S node --import tsx
/** What an operator does with a deployment: `keeptrack --help`. */
import { keeptrack } from '../operator/keeptrack.ts';
import { processShell } from '../operator/process-shell.ts';
import { askTerminal } from '../operator/terminal.ts';

// The SDK's advice to update Node is for whoever maintains this, not for whoever runs it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await keeptrack(process.argv.slice(2), {
  ...processShell,
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  progress: (line) => console.error(line),
  ask: askTerminal,
});
