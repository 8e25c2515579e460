import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { appOf, bothDoors, configOf } from './templates.ts';

/**
 * `cdk synth` of the sample config runs in synthesis.test.ts. Here: a mistake in a template would end it, and neither
 * front door has one.
 */

const outdir = mkdtempSync(join(tmpdir(), 'keeptrack-validation-'));
const flag = '@aws-cdk/core:validateAgainstDefaultRules';

beforeEach(() => {
  vi.stubEnv('CDK_VALIDATION', undefined);
  vi.spyOn(console, 'error').mockReturnValue();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(outdir, { recursive: true, force: true });
});

test('a property that the type does not have is an error, under the flags of this project', () => {
  expect(() => appWithMistake({}).synth()).toThrow();
});

test('the templates with both front doors have no mistake, and synthesis asks the account nothing', () => {
  const app = appOf(configOf(bothDoors));
  vi.stubEnv('CDK_VALIDATION', undefined);
  expect(app.synth().manifest.missing).toBeUndefined();
});

test('it is the flag that makes it one', () => {
  expect(() => appWithMistake({ [flag]: false }).synth()).not.toThrow();
});

function appWithMistake(flags: Readonly<Record<string, boolean>>): App {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ context: { ...context, ...flags }, outdir, analyticsReporting: false });
  const stack = new Stack(app, 'Mistaken', { env: { account: '123456789012', region: 'us-east-1' } });
  new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeot: 30 } });
  return app;
}
