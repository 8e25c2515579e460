import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { appOf, bothDoors, configOf } from './templates.ts';

const config = configOf({ alarmAddress: 'operations@example.com', ...bothDoors });

test('both stacks, with both front doors, obey the AWS Solutions rules, but for what is acknowledged', () => {
  const app = appOf(config);
  expect(findings(app).map(({ rule, path }) => `${rule} at ${path}`)).toEqual([]);
});

test('each acknowledgement stands for a finding that there is without it, and says why', () => {
  const app = appOf(config);
  const acknowledged = acknowledgements(app);
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const { reason } of acknowledged) expect(reason.length).toBeGreaterThan(60);

  const rulesBroken = findings(withoutAcknowledgements(app)).map(({ rule }) => rule);
  expect(distinct(acknowledged.map(({ rule }) => rule))).toEqual(distinct(rulesBroken));
});

function findings(app: App): { rule: string; path: string }[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources = [] }) =>
    violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
  );
}

function acknowledgements(app: App): { rule: string; reason: string }[] {
  return app.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), reason }));
}

/** The same resources, read back from the templates: an acknowledgement is not in them. */
function withoutAcknowledgements(app: App): App {
  const bare = new App({ analyticsReporting: false });
  for (const { id, templateFullPath } of app.synth().stacks) {
    new CfnInclude(new Stack(bare, id), 'Template', { templateFile: templateFullPath });
  }
  return bare;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
