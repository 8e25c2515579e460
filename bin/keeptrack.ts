#!/usr/bin/env -S npx tsx
/** What an operator does with a deployment: `keeptrack --help`. */
import { readFileSync } from 'node:fs';
import { keeptrack } from '../operator/keeptrack.ts';

process.exitCode = await keeptrack(process.argv.slice(2), {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  readFile: (path) => readFileSync(path, 'utf8'),
});
