import { existsSync, readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { metricNamespace } from '../../core/config/resource-names.ts';
import { metrics } from '../../core/metrics.ts';
import { optionsOf, runbookCommands } from '../end-to-end/runbook-commands.ts';
import { bothDoors, configOf, templatesOf } from './templates.ts';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: AlarmedMetric } }[];
}

interface AlarmedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
}

const runbook = readFileSync('docs/runbook.md', 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

let templates: readonly [Template, Template];

beforeAll(() => {
  templates = templatesOf(configOf(bothDoors));
});

describe('alarms and runbook', () => {
  test('have one heading for each alarm of either region, and no heading without an alarm', () => {
    for (const template of templates) {
      expect(alarmsOf(template).map(kindOf).sort()).toEqual([...sections.keys()].sort());
    }
  });

  test('agree on the severity, and the alarm says where to read on', () => {
    for (const alarm of alarmsOf(templates[0])) {
      const [, severity] = /^\[(page|ticket)\] \S.*\. See docs\/runbook\.md#(\S+)$/.exec(alarm.AlarmDescription) ?? [];
      expect(sectionOf(alarm)).toContain(`\n\n\`${severity}\`. `);
      expect(alarm.AlarmDescription.endsWith(`#${kindOf(alarm)}`)).toBe(true);
    }
  });

  test('say what to look at or do, and what not to do', () => {
    for (const section of sections.values()) {
      expect(section).toMatch(/\*\*(Look at|Do)\*\*/);
      expect(section).toContain('**Do not**');
    }
  });
});

describe('metric names', () => {
  test('of ours in alarms are ones that functions count, and the runbook tells of them', () => {
    const watched = alarmsOf(templates[0]).flatMap((alarm) => ourMetrics(alarm).map((name) => ({ alarm, name })));
    expect(watched.length).toBeGreaterThan(5);
    for (const { alarm, name } of watched) {
      expect(Object.values(metrics)).toContain(name);
      expect(sectionOf(alarm)).toContain(`\`${name}\``);
    }
  });

  test('in the runbook are ones that functions count', () => {
    const capitalized = [...runbook.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`/g)].map(([, name]) => name);
    const notMetrics = capitalized.filter((name) => !Object.values<string | undefined>(metrics).includes(name));
    expect(notMetrics).toEqual([]);
    expect(capitalized.length).toBeGreaterThan(5);
  });

  test('on the dashboard are ones that functions count', () => {
    for (const template of templates) {
      const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
      const body = JSON.stringify(dashboard).replaceAll('\\', '');
      const shown = [...body.matchAll(/MetricName="(\w+)"|"Keeptrack\/clicks","(\w+)"/g)].map(
        ([, one, other]) => one ?? other,
      );
      expect(Object.values(metrics)).toEqual(expect.arrayContaining(shown));
      for (const name of [metrics.captured, metrics.eventsStored, metrics.segmentsOwed, metrics.unconfirmed]) {
        expect(shown).toContain(name);
      }
    }
  });
});

describe('drills that the runbook rehearses with', () => {
  const scenarios = [...runbook.matchAll(/`npm run drill -- ([^`]+)`/g)].map(([, scenario = '']) => scenario);

  test('are scenarios that come with Keeptrack', () => {
    expect(scenarios.length).toBeGreaterThan(2);
    for (const scenario of scenarios)
      expect([scenario, existsSync(`drill/scenarios/${scenario}.yaml`)]).toEqual([scenario, true]);
  });

  test('and its other commands stand in blocks, where a test finds and runs them', () => {
    expect(runbook.match(/`(?:aws|npx \w+) \w[^`]*`/g)).toBeNull();
  });
});

describe('commands of the runbook', () => {
  const commands = runbookCommands();

  test('ask logs since a moment, for lines come the oldest first, and let the AWS CLI go on from one page to the next', () => {
    const filters = commands.filter(([, service]) => service === 'logs').map(([, , , ...words]) => optionsOf(words));
    expect(filters.length).toBeGreaterThan(10);
    const daysAgo = filters.map((options) => (Date.now() - Number(options['start-time'])) / 86_400_000);
    expect(daysAgo.filter((days) => !(days > 0 && days < 1.1))).toEqual([]);
    // `--limit` would turn the paging off, and the first page may be empty.
    expect(filters.filter((options) => !options['max-items'] || options['limit'])).toEqual([]);
  });

  test('look for the lines of Lambda itself in the format that the function writes', () => {
    const systemWords = {
      Text: ['"Task timed out"', 'INIT_REPORT'],
      JSON: ['"platform.report"', '"platform.initReport"'],
    };
    const formats = Object.values(templates[0].findResources('AWS::Lambda::Function')).map(
      ({ Properties }) =>
        [
          `/aws/lambda/${Properties.FunctionName}`,
          (Properties.LoggingConfig?.LogFormat ?? 'Text') as keyof typeof systemWords,
        ] as const,
    );
    const formatOf = new Map<string | undefined, keyof typeof systemWords>(
      formats.map(([group, format]) => [group.replace('clicks', 'keeptrack'), format]),
    );
    const found = commands
      .filter(([, service]) => service === 'logs')
      .map(([, , , ...words]) => optionsOf(words))
      .filter((options) => /Task timed out|INIT_REPORT|platform/.test(options['filter-pattern'] ?? ''));
    expect(found.length).toBeGreaterThan(6);
    for (const options of found) {
      const words = systemWords[formatOf.get(options['log-group-name']) ?? 'Text'];
      expect(options['filter-pattern']).toMatch(
        new RegExp(`^\\?\\S.* ${words.map((word) => `\\?${word}`).join(' ')}$`),
      );
    }
    expect(new Set(formatOf.values())).toEqual(new Set(['Text', 'JSON']));
  });

  test('about a failure queue name the bucket that is owed, which may be in either region', () => {
    const [home, owed] = ['us-east-1', 'us-west-2'];
    const lines = commands.map((words) => words.join(' '));
    expect(runbook).toMatch(/^NAME=.* REGION=us-east-1 .* OWED=us-west-2 WELL=us-east-1$/m);
    expect(lines).toContain(`npx keeptrack storage ${owed} --skip home --for 2h --confirm ${owed}`);
    expect(lines).toContain(`npx keeptrack storage ${home} --skip peer --for 2h --confirm ${home}`);
    expect(lines.filter((line) => line.includes('-failure-'))).toEqual([
      expect.stringContaining(
        `--region ${home} --queue-url https://sqs.${home}.amazonaws.com/111122223333/keeptrack-failure-${owed} `,
      ),
    ]);
    expect(runbook).not.toMatch(/storage \$(REGION|PEER)|failure-\$(REGION|PEER)/);
  });
});

function alarmsOf(template: Template): AlarmProperties[] {
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
}

function kindOf({ AlarmName }: AlarmProperties): string {
  return AlarmName.replace(/^clicks-/, '');
}

function sectionOf(alarm: AlarmProperties): string {
  return sections.get(kindOf(alarm)) ?? '';
}

function ourMetrics({ Namespace = '', MetricName = '', Metrics = [] }: AlarmProperties): string[] {
  const inMath = Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  return [{ Namespace, MetricName }, ...inMath]
    .filter((metric) => metric.Namespace === metricNamespace(configOf()))
    .map((metric) => metric.MetricName);
}
