#!/usr/bin/env -S npx tsx
/** What an operator does with a deployment: `keeptrack --help`. */
import { readFileSync } from 'node:fs';
import { keeptrack } from '../operator/keeptrack.ts';

// The SDK's advice to update Node is for whoever maintains this, not for whoever runs it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await keeptrack(process.argv.slice(2), {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  readFile: (path) => readFileSync(path, 'utf8'),
});
