import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDeployConfig } from '../../core/config/deploy-config.ts';
import { templatesOf } from './templates.ts';

/**
 * Both templates as they are deployed from the sample config, so that a change shows in review as what CloudFormation
 * would make of it. What every change of code changes (bundles, versions) is left out. When a difference is meant:
 * `npx vitest run test/lib/snapshot.test.ts -u`.
 */
test.each([0, 1] as const)('template %i asks CloudFormation for nothing that nobody has looked at', async (index) => {
  const parsed = parseDeployConfig(readFileSync('keeptrack.config.json', 'utf8'));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const region = parsed.config.regions[index];
  const template = templatesOf(parsed.config)[index].toJSON();
  await expect(withoutDigests(stringify(template, { aliasDuplicateObjects: false, lineWidth: 0 }))).toMatchFileSnapshot(
    `snapshots/${region}.template.yaml`,
  );
});

/** Assets are named by what they hold (64 digits), versions by a digest of their function's settings (32). */
function withoutDigests(text: string): string {
  return text
    .replace(/\b[0-9a-f]{64}\b/g, '<asset>')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}\b/g, '$1<version>');
}
