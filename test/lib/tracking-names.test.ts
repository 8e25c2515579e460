import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../core/limits/limits.ts';
import { bothDoors, configOf, domain, regions, roomy, templatesOf } from './templates.ts';

const [primary, secondary] = regions;
const brand = { name: 'go.brand.com', zoneName: 'brand.com', zoneId: 'Z0123456789BRAND' };
const foreign = {
  name: 'click.affiliate.org',
  certificates: {
    [primary]: `arn:aws:acm:${primary}:123456789012:certificate/one`,
    [secondary]: `arn:aws:acm:${secondary}:123456789012:certificate/two`,
  },
};
const trackingNames = [brand, foreign];

describe.each([
  ['http-api', { domain, trackingNames }],
  ['alb', { domain, trackingNames, frontDoor: 'alb', concurrency: roomy }],
] as const)('further tracking names behind %s', (door, fields) => {
  let templates: readonly [Template, Template];
  beforeAll(() => {
    templates = templatesOf(configOf(fields));
  });

  test('in a zone of the account get a certificate that the zone proves', () => {
    for (const template of templates) {
      template.hasResourceProperties('AWS::CertificateManager::Certificate', {
        DomainName: brand.name,
        ValidationMethod: 'DNS',
        DomainValidationOptions: [{ DomainName: brand.name, HostedZoneId: brand.zoneId }],
      });
    }
  });

  test.each(['A', 'AAAA'])(
    'in a zone of the account are routed like the main name, by the same verdict: %s',
    (Type) => {
      for (const [index, template] of templates.entries()) {
        const [main] = recordsOf(template, `${domain.record}.`, Type);
        const [record, ...others] = recordsOf(template, `${brand.name}.`, Type);
        expect(others).toEqual([]);
        expect(record?.HostedZoneId).toBe(brand.zoneId);
        expect(record?.Failover).toBe(index === 0 ? 'PRIMARY' : 'SECONDARY');
        expect([record?.SetIdentifier, record?.HealthCheckId]).toEqual([main?.SetIdentifier, main?.HealthCheckId]);
        expect(record?.AliasTarget.EvaluateTargetHealth).toBe(true);
      }
    },
  );

  test('of other owners are served with the region’s certificate, and have no record and no certificate of ours', () => {
    for (const [index, template] of templates.entries()) {
      const arn = foreign.certificates[regions[index] ?? primary];
      const text = JSON.stringify(template.toJSON());
      expect(text.split(`"${arn}"`)).toHaveLength(2);
      expect(recordsOf(template, `${foreign.name}.`)).toEqual([]);
      for (const { Properties } of Object.values(template.findResources('AWS::CertificateManager::Certificate'))) {
        expect(Properties.DomainName).not.toBe(foreign.name);
      }
    }
  });

  test('are told to `track`, the main one first', () => {
    for (const template of templates) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: 'clicks-track',
        Environment: { Variables: { TRACKING_NAMES: 'go.example.com,go.brand.com,click.affiliate.org' } },
      });
    }
  });

  test('are served by the door before they resolve', () => {
    const [template] = templates;
    const type = door === 'alb' ? 'ElasticLoadBalancingV2::ListenerCertificate' : 'ApiGatewayV2::ApiMapping';
    const serving = Object.keys(template.findResources(`AWS::${type}`)).filter((id) => id.includes('gobrandcom'));
    expect(serving).toHaveLength(1);
    const named = door === 'alb' ? `${primary}.${brand.name}.` : `${brand.name}.`;
    const records = template.findResources('AWS::Route53::RecordSet', { Properties: { Name: named } });
    expect(Object.keys(records)).toHaveLength(2);
    for (const { DependsOn } of Object.values(records)) expect(DependsOn).toEqual(expect.arrayContaining(serving));
  });

  test('ask nothing of any other zone’s checks: three health checks are all', () => {
    for (const template of templates) template.resourceCountIs('AWS::Route53::HealthCheck', 3);
  });
});

function recordsOf(template: Template, Name: string, Type?: string) {
  const found = template.findResources('AWS::Route53::RecordSet', { Properties: { Name, ...(Type && { Type }) } });
  return Object.values(found).map(({ Properties }) => Properties);
}

test('behind a load balancer, each zone has a name of the region, whose alias asks for no health of the target', () => {
  const [template] = templatesOf(configOf({ domain, trackingNames, frontDoor: 'alb', concurrency: roomy }));
  for (const name of [domain.record, brand.name]) {
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: `${primary}.${name}.`,
      AliasTarget: { EvaluateTargetHealth: false },
      HealthCheckId: Match.absent(),
    });
    expect(recordsOf(template, `${name}.`).map(({ AliasTarget }) => AliasTarget.DNSName)).toEqual([
      `${primary}.${name}.`,
      `${primary}.${name}.`,
    ]);
  }
});

test.each([
  ['http-api', limits.domain.trackingNamesMax['http-api'], { domain }],
  ['both doors', limits.domain.trackingNamesMax.alb, bothDoors],
] as const)('a stack of %s with as many names as the config takes has at most 500 resources', (_, count, fields) => {
  const many = Array.from({ length: count }, (_, index) => ({ ...brand, name: `n${index}.brand.com` }));
  for (const template of templatesOf(configOf({ ...fields, trackingNames: many }))) {
    expect(Object.keys(template.toJSON()['Resources']).length).toBeLessThanOrEqual(500);
  }
});

test('the environment of `track` has room for the longest list of names that the config takes', () => {
  const each = 60;
  const most = Math.floor(limits.domain.trackingNamesCharactersMax / (each + 1));
  const many = Array.from({ length: most }, (_, index) => ({
    ...brand,
    name: `${String(index).padStart(each - '.brand.com'.length, 'n')}.brand.com`,
  }));
  const longest = { name: 'a'.repeat(20), regions: ['ap-southeast-1', 'ap-northeast-3'] };
  const [template] = templatesOf(configOf({ ...longest, domain, trackingNames: many }));
  const [track] = Object.values(
    template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: `${longest.name}-track` } }),
  );
  const variables = Object.entries<string>(track?.['Properties'].Environment.Variables);
  // CloudFormation puts 64 digits in the place of a reference to a secret, which is longer than that.
  const bytes = variables.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  expect(bytes).toBeLessThan(4_096);
});
