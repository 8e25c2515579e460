import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseDeployConfig } from '../../core/config/deploy-config.ts';
import { templatesOf } from './templates.ts';

/**
 * Both templates as they are deployed from the sample config, so that a change shows in review as a change of what
 * CloudFormation does. When a difference is meant: `npx vitest run test/lib/snapshot.test.ts -u`.
 */
describe('CloudFormation is asked for nothing that nobody has looked at', () => {
  const { config, templates } = sampleTemplates();

  test('in the primary region', async () => {
    const text = stringify(templates[0], { aliasDuplicateObjects: false, lineWidth: 0 });
    await expect(text).toMatchFileSnapshot(`snapshots/${config.regions[0]}.template.yaml`);
  });

  test('in the secondary region, whose template is that of the primary with the regions exchanged, but for this', () => {
    const [primary, secondary] = config.regions;
    const exchanged = exchange(templates[1], primary, secondary);
    expect(differences(templates[0], exchanged)).toMatchInlineSnapshot(`
      "Outputs.Routing.Value: primary → secondary
      Resources.DomainSharedRecordsA7B7F7B95.Properties.Failover: PRIMARY → SECONDARY
      Resources.DomainSharedRecordsAAAA07A4710B.Properties.Failover: PRIMARY → SECONDARY
      Resources.NotifyFunctionHandlerC257625B.Properties.Environment.Variables.PRIMARY_REGION: us-east-1 → us-west-2
      Resources.Dashboard7A714131.Properties.DashboardBody.Fn::Join.1.100: …:"healthy","region":"us-east-1","period":60,"stat":"Mi… → …:"healthy","region":"us-west-2","period":60,"stat":"Mi…"
    `);
  });
});

function sampleTemplates() {
  const parsed = parseDeployConfig(readFileSync('keeptrack.config.json', 'utf8'));
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const { config } = parsed;
  return { config, templates: templatesOf(config).map((template) => withoutDigests(template.toJSON())) };
}

/**
 * Leaves out what every change of code changes: assets are named by a digest of their content (64 digits), versions by
 * one of their function's settings (32), and permissions of schedules by one of both names (16).
 */
function withoutDigests(template: unknown): unknown {
  const text = JSON.stringify(template)
    .replace(/\b[0-9a-f]{64}\b/g, '<asset>')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}\b/g, '$1<version>')
    .replace(/(AllowEventRule\w+Live)[0-9A-F]{16}\b/g, '$1<digest>');
  return JSON.parse(text);
}

/** Names each region where the other one is named; logical ids have no hyphens. */
function exchange(template: unknown, one: string, other: string): unknown {
  const bare = (region: string) => region.replaceAll('-', '');
  const counterparts = new Map([
    [one, other],
    [other, one],
    [bare(one), bare(other)],
    [bare(other), bare(one)],
  ]);
  const names = new RegExp([...counterparts.keys()].join('|'), 'g');
  return JSON.parse(JSON.stringify(template).replace(names, (name) => counterparts.get(name) ?? name));
}

/** A line for each place that has another value, `path: one → other`. */
function differences(one: unknown, other: unknown): string {
  const [left, right] = [leaves(one), leaves(other)];
  const paths = [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path));
  return paths.map((path) => `${path}: ${apart(`${left.get(path)}`, `${right.get(path)}`)}`).join('\n');
}

/** What stands at the end of each path. The CDK sorts the resources of a statement by name; their order means nothing. */
function leaves(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return into.set(path, value);
  const parts = /\.Resource$/.test(path) && Array.isArray(value) ? value.toSorted(byText) : value;
  for (const [key, part] of Object.entries(parts)) leaves(part, path === '' ? key : `${path}.${key}`, into);
  return into;
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

/** Of long texts, the words that differ and some of what is around them. */
function apart(one: string, other: string): string {
  const around = 24;
  if (Math.max(one.length, other.length) < 100) return `${one} → ${other}`;
  let [start, end] = [0, 0];
  while (start < one.length && one[start] === other[start]) start += 1;
  while (end < one.length - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const middle = (text: string) => text.slice(Math.max(0, start - around), text.length - Math.max(0, end - around));
  return `…${middle(one)}… → …${middle(other)}…`;
}
