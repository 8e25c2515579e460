import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { type DeployConfig, parseDeployConfig } from '../../core/config/deploy-config.ts';
import { keeptrackApp } from '../../lib/keeptrack-app.ts';
import type { RegionStack } from '../../lib/region-stack.ts';

export const regions = ['us-east-1', 'eu-west-1'] as const;

export const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };

/** The concurrency that a load balancer needs, with room for the HTTP API's throttle beside it. */
export const roomy = { account: 3_000, track: 1_000 };

/** Both doors with all that they can have. */
export const bothDoors = {
  domain,
  frontDoor: 'alb',
  secondFrontDoor: 'http-api',
  loadBalancer: { waf: true, reservedCapacityUnits: 120 },
  concurrency: roomy,
};

/** One for all apps of a test file: what is not bundled is named after the folder too, and the same app shall look the same. */
const outdir = mkdtempSync(join(tmpdir(), 'keeptrack-templates-'));
afterAll(() => rmSync(outdir, { recursive: true }));

export function configOf(overrides: object = {}): DeployConfig {
  const base = { name: 'clicks', account: '123456789012', regions };
  const parsed = parseDeployConfig(JSON.stringify({ ...base, ...overrides }));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('; '));
  return parsed.config;
}

/**
 * The app, not synthesized yet. For speed nothing is bundled and the library's own validator is left out:
 * synthesis.test.ts goes the whole way. `extraContext` is what a command line gives with `-c`.
 */
export function appOf(config: DeployConfig, extraContext: Readonly<Record<string, string>> = {}): App {
  process.env['CDK_VALIDATION'] = 'false';
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  return keeptrackApp(config, '{}', {
    context: { ...context, 'aws:cdk:bundling-stacks': [], ...extraContext },
    outdir,
    analyticsReporting: false,
  });
}

/** Both regions' templates, primary first. */
export function templatesOf(
  config: DeployConfig,
  extraContext?: Readonly<Record<string, string>>,
): readonly [Template, Template] {
  const app = appOf(config, extraContext);
  const [primary, secondary] = app.node.children.filter((child): child is RegionStack => 'templateFile' in child);
  if (primary === undefined || secondary === undefined) throw new Error('there should be two stacks');
  return [Template.fromStack(primary), Template.fromStack(secondary)];
}
