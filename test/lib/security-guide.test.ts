import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { type GrantRow, grantRows } from '../../drill/evidence/grants.ts';
import type { GrantUse } from '../../local/handle.ts';
import { configOf, regions, templatesOf } from './templates.ts';

const guide = readFileSync('docs/security.md', 'utf8');

test('the tests that the guide names as proof are there', () => {
  const named = [...guide.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

test('each threat names a test that shows what stops it', () => {
  const [, threats = ''] = guide.split('## Threats');
  const rows = threats
    .slice(0, threats.indexOf('\n## '))
    .split('\n')
    .filter((line) => line.startsWith('| **'));
  expect(rows.length).toBeGreaterThan(8);
  for (const row of rows) expect(row).toMatch(/\| `test\/[^|]+ \|$/);
});

let granted: readonly GrantRow[];

beforeAll(() => {
  const [template] = templatesOf(configOf());
  const roles = template.findResources('AWS::IAM::Role');
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const uses = functions.flatMap(({ Properties: { FunctionName: functionName, Role } }) => {
    const { Policies } = roles[Role['Fn::GetAtt'][0]]?.['Properties'] ?? {};
    const statements: readonly Statement[] = Policies.flatMap(
      (policy: { PolicyDocument: { Statement: readonly Statement[] } }) => policy.PolicyDocument.Statement,
    );
    return statements.flatMap((statement) => usesOf(functionName, statement));
  });
  granted = grantRows(uses, regions);
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function usesOf(functionName: string, { Action, Resource }: Statement): GrantUse[] {
  const [region] = regions;
  return [Action].flat().flatMap((action) =>
    [Resource].flat().map((one) => ({
      region,
      functionName,
      action,
      // The one resource without a name of its own in the template is the function's log group.
      resource: typeof one === 'string' ? one : 'arn:aws:logs:::its-own',
      used: 0,
    })),
  );
}

test('the guide lists exactly what the templates grant', () => {
  const [, table = ''] = /<!-- grants -->([\s\S]*)<!-- \/grants -->/.exec(guide) ?? [];
  const listed = table.split('\n').flatMap((line) => {
    const [, part = '', action = '', resources = ''] = /^\| (\w+) \| `([^`]+)` \| (.+?) \|/.exec(line) ?? [];
    return part === ''
      ? []
      : resources.split(', ').map((resource) => `${part} ${action} ${resource.replaceAll('`', '')}`);
  });
  const names = granted.map(({ function: part, action, resource }) => `${part} ${action} ${resource}`);
  expect(listed.sort()).toEqual([...names].sort());
});
