import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type DeployConfig, parseDeployConfig } from '../../core/deploy-config.ts';
import { keeptrackApp } from '../../lib/keeptrack-app.ts';
import type { RegionStack } from '../../lib/region-stack.ts';

export const regions = ['us-east-1', 'eu-west-1'] as const;

export function configOf(overrides: object = {}): DeployConfig {
  const base = { name: 'clicks', account: '123456789012', regions };
  const parsed = parseDeployConfig(JSON.stringify({ ...base, ...overrides }));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('; '));
  return parsed.config;
}

/**
 * The app, not synthesized yet. For speed nothing is bundled and the library's own validator is left out:
 * synthesis.test.ts goes the whole way.
 */
export function appOf(config: DeployConfig): App {
  process.env['CDK_VALIDATION'] = 'false';
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  return keeptrackApp(config, '{}', {
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
    outdir: mkdtempSync(join(tmpdir(), 'keeptrack-templates-')),
    analyticsReporting: false,
  });
}

/** Both regions' templates, primary first. */
export function templatesOf(config: DeployConfig): readonly [Template, Template] {
  const app = appOf(config);
  const [primary, secondary] = app.node.children.filter((child): child is RegionStack => 'templateFile' in child);
  if (primary === undefined || secondary === undefined) throw new Error('there should be two stacks');
  const templates = [Template.fromStack(primary), Template.fromStack(secondary)] as const;
  rmSync(app.outdir, { recursive: true });
  return templates;
}
