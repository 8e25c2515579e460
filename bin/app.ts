/** The CDK app: `npx cdk synth` runs it. KEEPTRACK_CONFIG names another config file than ./keeptrack.config.json. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { locateProblems } from '../core/catalog/locate.ts';
import { makeSnapshot } from '../core/catalog/snapshot.ts';
import { validateCatalog } from '../core/catalog/validate.ts';
import { parseDeployConfig } from '../core/config/deploy-config.ts';
import { keeptrackApp } from '../lib/keeptrack-app.ts';
import { visible } from '../operator/cli/visible-text.ts';

const configFile = process.env['KEEPTRACK_CONFIG'] ?? 'keeptrack.config.json';
const parsed = parseDeployConfig(read(configFile));
if (parsed.kind === 'invalid') refuse(configFile, parsed.problems);

const catalogFile = resolve(dirname(configFile), parsed.config.catalog);
const catalogText = read(catalogFile);
const catalog = validateCatalog(catalogText);
if (catalog.kind === 'invalid') refuse(catalogFile, locateProblems(catalogText, catalog.problems));

keeptrackApp(parsed.config, makeSnapshot(catalog.content).text).synth();

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(file, [`cannot be read: ${(error as Error).message}`]);
  }
}

function refuse(file: string, problems: readonly string[]): never {
  const lines = problems.map((problem) => `  ${problem}`).join('\n');
  console.error(visible(`Nothing was synthesized. Correct ${file}:\n${lines}`));
  process.exit(2);
}
