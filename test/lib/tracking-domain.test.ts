import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RegionStack } from '../../lib/region-stack.ts';
import { appOf, configOf, regions, templatesOf } from './templates.ts';

const domain = { zoneName: 'example.com', zoneId: 'Z0123456789ABC', record: 'go.example.com' };
const [primary, secondary] = regions;

let templates: readonly [Template, Template];

beforeAll(() => {
  templates = templatesOf(configOf({ domain }));
});

describe.each([
  { home: primary, peer: secondary, index: 0, role: 'PRIMARY' },
  { home: secondary, peer: primary, index: 1, role: 'SECONDARY' },
] as const)('with a domain, the stack of $home', ({ home, peer, index, role }) => {
  const own = `${home}.go.example.com`;

  test.each(['go.example.com', own])('serves %s from the API, with a certificate that the zone proves', (name) => {
    const certificate = onlyId('AWS::CertificateManager::Certificate', {
      DomainName: name,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: name, HostedZoneId: domain.zoneId }],
    });
    const served = onlyId('AWS::ApiGatewayV2::DomainName', {
      DomainName: name,
      DomainNameConfigurations: [
        {
          CertificateArn: { Ref: certificate },
          EndpointType: 'REGIONAL',
          SecurityPolicy: 'TLS_1_2',
          IpAddressType: 'dualstack',
        },
      ],
    });
    templates[index].hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      ApiId: { Ref: onlyId('AWS::ApiGatewayV2::Api') },
      DomainName: { Ref: served },
      Stage: '$default',
      ApiMappingKey: Match.absent(),
    });
  });

  test.each(['A', 'AAAA'])('answers its own name whatever its health is: %s', (Type) => {
    const [record, ...others] = recordsOf(`${own}.`, Type);
    expect(others).toEqual([]);
    expect(record).toEqual({ Name: `${own}.`, Type, HostedZoneId: domain.zoneId, AliasTarget: aliasOf(own) });
  });

  test.each(['A', 'AAAA'])('shares the tracking name as its role is, by one verdict: %s', (Type) => {
    const [record, ...others] = recordsOf('go.example.com.', Type);
    expect(others).toEqual([]);
    expect(record).toEqual({
      Name: 'go.example.com.',
      Type,
      HostedZoneId: domain.zoneId,
      AliasTarget: aliasOf('go.example.com'),
      SetIdentifier: home,
      Failover: role,
      HealthCheckId: { Ref: verdictId() },
    });
  });

  test('asks /health of its own name, fast, for the word that only a region able to capture says', () => {
    templates[index].hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: {
        Type: 'HTTPS_STR_MATCH',
        FullyQualifiedDomainName: own,
        ResourcePath: '/health',
        SearchString: 'keeptrack-ok',
        RequestInterval: 10,
        FailureThreshold: 3,
        EnableSNI: true,
        Inverted: false,
      },
    });
  });

  test('asks the peer whether it is drained, and takes silence for no', () => {
    templates[index].hasResourceProperties('AWS::Route53::HealthCheck', {
      HealthCheckConfig: {
        Type: 'HTTPS_STR_MATCH',
        FullyQualifiedDomainName: `${peer}.go.example.com`,
        ResourcePath: `/drained/${home}`,
        SearchString: 'keeptrack-drained',
        RequestInterval: 10,
        FailureThreshold: 3,
        EnableSNI: true,
        Inverted: true,
      },
    });
  });

  test('wants both for its verdict, and names every check for people', () => {
    const checks = templates[index].findResources('AWS::Route53::HealthCheck');
    const children = Object.keys(checks).filter((id) => id !== verdictId());
    expect(checks[verdictId()]?.['Properties'].HealthCheckConfig).toEqual({
      Type: 'CALCULATED',
      HealthThreshold: 2,
      Inverted: false,
      ChildHealthChecks: children.map((id) => ({ Ref: id })),
    });
    expect(Object.values(checks).map(({ Properties }) => Properties.HealthCheckTags[0].Value)).toEqual([
      `clicks ${home} can capture`,
      `clicks ${home} is not drained`,
      `clicks ${home} gets traffic`,
    ]);
  });

  test('lets its own name resolve before anybody asks for it', () => {
    const checks = Object.values(templates[index].findResources('AWS::Route53::HealthCheck'));
    const ownRecords = Object.entries(templates[index].findResources('AWS::Route53::RecordSet'))
      .filter(([, { Properties }]) => Properties.Name === `${own}.`)
      .map(([id]) => id);
    expect(ownRecords).toHaveLength(2);
    for (const { DependsOn } of checks) expect(DependsOn).toEqual(expect.arrayContaining(ownRecords));
  });

  test('lets no name resolve before the API answers it', () => {
    const records = Object.values(templates[index].findResources('AWS::Route53::RecordSet'));
    const mappings = Object.keys(templates[index].findResources('AWS::ApiGatewayV2::ApiMapping'));
    for (const { DependsOn } of records) expect(mappings.filter((id) => DependsOn.includes(id))).toHaveLength(1);
  });

  test('keeps the way in that needs no DNS of ours', () => {
    templates[index].hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: Match.absent() });
    templates[index].hasOutput('TrackingUrl', { Value: { 'Fn::GetAtt': [Match.anyValue(), 'ApiEndpoint'] } });
  });

  test('says in its outputs by which names it is reached and which check decides', () => {
    templates[index].hasOutput('SharedTrackingUrl', { Value: 'https://go.example.com' });
    templates[index].hasOutput('RegionalTrackingUrl', { Value: `https://${own}` });
    templates[index].hasOutput('HealthCheckId', { Value: { Ref: verdictId() } });
  });

  test('waits for nothing of the other stack: neither imports, nor exports, nor anything made on the way', () => {
    const text = JSON.stringify(templates[index].toJSON());
    expect(text).not.toMatch(/Fn::ImportValue|"Export"|Custom::|Fn::GetStackOutput/);
    // What it knows of the peer are names: no id that AWS would have chosen there.
    expect(text).not.toMatch(new RegExp(`execute-api\\.${peer}|:acm:${peer}|healthcheck/`));
  });

  test('makes each of these once, and nothing besides', () => {
    const counted = Object.values(templates[index].toJSON()['Resources'] as Record<string, { Type: string }>)
      .map(({ Type }) => Type)
      .filter((type) => /Route53|CertificateManager|ApiGatewayV2::(DomainName|ApiMapping)/.test(type));
    expect(
      Object.fromEntries([...new Set(counted)].map((type) => [type, counted.filter((t) => t === type).length])),
    ).toEqual({
      'AWS::CertificateManager::Certificate': 2,
      'AWS::ApiGatewayV2::DomainName': 2,
      'AWS::ApiGatewayV2::ApiMapping': 2,
      'AWS::Route53::HealthCheck': 3,
      'AWS::Route53::RecordSet': 4,
    });
  });

  function onlyId(type: string, properties: object = {}): string {
    const ids = Object.keys(templates[index].findResources(type, { Properties: properties }));
    expect(ids).toHaveLength(1);
    return ids[0] ?? '';
  }

  function verdictId(): string {
    return onlyId('AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'CALCULATED' } });
  }

  function recordsOf(Name: string, Type: string) {
    const found = templates[index].findResources('AWS::Route53::RecordSet', { Properties: { Name, Type } });
    return Object.values(found).map(({ Properties }) => Properties);
  }

  function aliasOf(name: string) {
    const served = onlyId('AWS::ApiGatewayV2::DomainName', { DomainName: name });
    return {
      DNSName: { 'Fn::GetAtt': [served, 'RegionalDomainName'] },
      HostedZoneId: { 'Fn::GetAtt': [served, 'RegionalHostedZoneId'] },
      EvaluateTargetHealth: true,
    };
  }
});

describe('weighted routing', () => {
  test.each([
    ['gives both regions the same', undefined, 50, 50],
    ['gives each what the config says', { [primary]: 90, [secondary]: 10 }, 90, 10],
  ])('%s', (_, weights, ofPrimary, ofSecondary) => {
    const weighted = templatesOf(configOf({ domain, routing: 'weighted', ...(weights && { weights }) }));
    for (const [index, Weight] of [ofPrimary, ofSecondary].entries()) {
      const shared = weighted[index]?.findResources('AWS::Route53::RecordSet', {
        Properties: { Name: 'go.example.com.' },
      });
      expect(Object.values(shared ?? {}).map(({ Properties }) => [Properties.Type, Properties.Weight])).toEqual([
        ['A', Weight],
        ['AAAA', Weight],
      ]);
      for (const { Properties } of Object.values(shared ?? {})) {
        expect(Properties).toMatchObject({ SetIdentifier: regions[index], HealthCheckId: expect.anything() });
        expect(Properties).not.toHaveProperty('Failover');
      }
    }
  });
});

test('without a domain there is nothing of Route 53, no certificate, and the API is reached by its own name', () => {
  for (const template of templatesOf(configOf())) {
    for (const type of ['Route53::RecordSet', 'Route53::HealthCheck', 'CertificateManager::Certificate']) {
      template.resourceCountIs(`AWS::${type}`, 0);
    }
    template.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    template.hasOutput('TrackingUrl', {});
    expect(Object.keys(template.findOutputs('*'))).not.toContain('RegionalTrackingUrl');
  }
});

test.each([0, 1])('each stack synthesizes without the other: number %i', (index) => {
  const app = appOf(configOf({ domain }));
  const stacks = app.node.children.filter((child): child is RegionStack => 'templateFile' in child);
  const [kept, removed] = index === 0 ? stacks : [...stacks].reverse();
  if (kept === undefined || removed === undefined) throw new Error('there should be two stacks');
  app.node.tryRemoveChild(removed.node.id);
  expect(resourcesOf(Template.fromStack(kept))).toEqual(resourcesOf(templates[index]));
});

/** Without the hashes of code: unbundled, they say in which folder the test ran. */
function resourcesOf(template: Template | undefined): unknown {
  return JSON.parse(JSON.stringify(template?.toJSON()).replace(/[0-9a-f]{64}(?=\.zip)|[0-9a-f]{32}(?=")/g, ''));
}

test('the API of each region is throttled, at half of what an account may have or as the config says', () => {
  for (const template of templates) expectThrottle(template, 5_000, 2_500);
  const throttle = { requestsPerSecond: 800, burst: 400 };
  for (const template of templatesOf(configOf({ throttle }))) expectThrottle(template, 800, 400);
});

function expectThrottle(template: Template, ThrottlingRateLimit: number, ThrottlingBurstLimit: number): void {
  template.resourceCountIs('AWS::ApiGatewayV2::Stage', 1);
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit, ThrottlingBurstLimit },
  });
}
