#!/usr/bin/env -S npx tsx
/** What an operator does with a deployment: `keeptrack --help`. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { systemClock } from '../lambda/aws/system-clock.ts';
import { nodeHttp } from '../operator/http.ts';
import { keeptrack } from '../operator/keeptrack.ts';
import { askTerminal } from '../operator/terminal.ts';

// The SDK's advice to update Node is for whoever maintains this, not for whoever runs it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await keeptrack(process.argv.slice(2), {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  progress: (line) => console.error(line),
  ask: askTerminal,
  readFile: (path) => readFileSync(path, 'utf8'),
  http: nodeHttp,
  clock: systemClock,
  userName: userInfo().username,
});
