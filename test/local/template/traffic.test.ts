import { describe, expect, test } from 'vitest';
import type { RecordTemplate, RegionTemplate } from '../../../local/template/region-template.ts';
import { zoneProblems } from '../../../local/template/zone-problems.ts';
import { minimalTemplate, problemsOf, propertiesOf, read } from './minimal.ts';
import { templateWithDomain } from './traffic.ts';

test('a stack without a domain has none, no health check and no record', () => {
  expect(read(minimalTemplate())).toMatchObject({ domains: [], healthChecks: [], records: [] });
});

describe('a stack with a domain', () => {
  const region = read(templateWithDomain());

  test('has its names, each with the API that answers it', () => {
    expect(region.domains.map(({ name, apiLogicalId }) => [name, apiLogicalId])).toEqual([
      ['us-east-1.go.example.com', 'Api'],
      ['go.example.com', 'Api'],
    ]);
  });

  test('has its health checks, the calculated one with its children', () => {
    const [health, drained, both] = region.healthChecks;
    expect(health).toMatchObject({
      kind: 'endpoint',
      domainName: 'us-east-1.go.example.com',
      path: '/health',
      searchString: 'ok',
      intervalSeconds: 10,
      failureThreshold: 3,
      inverted: false,
    });
    expect(drained).toMatchObject({ path: '/drained/us-east-1', inverted: true });
    expect(both).toMatchObject({ kind: 'calculated', childIds: [health?.id, drained?.id], healthThreshold: 2 });
  });

  test('has its records, each leading to the domain of its name', () => {
    const [own, shared] = region.records;
    const targetOf = (name: string) => region.domains.find((domain) => domain.name === name)?.target;
    expect(own).toMatchObject({ target: targetOf('us-east-1.go.example.com'), routing: { kind: 'simple' } });
    expect(shared).toMatchObject({
      target: targetOf('go.example.com'),
      routing: { kind: 'failover', role: 'PRIMARY' },
      setIdentifier: 'us-east-1',
      healthCheckId: region.healthChecks[2]?.id,
    });
  });
});

describe('is refused', () => {
  const config = (properties: Record<string, unknown>) => properties['HealthCheckConfig'] as Record<string, unknown>;
  const alias = (properties: Record<string, unknown>) => properties['AliasTarget'] as Record<string, unknown>;

  test.each<[string, string, (properties: Record<string, unknown>) => void, string]>([
    [
      'a domain with the certificate of another name',
      'SharedCertificate',
      (own) => {
        own['DomainName'] = 'www.example.com';
      },
      'the certificate is for www.example.com',
    ],
    [
      'a domain that is mapped to nothing',
      'SharedMapping',
      (own) => {
        own['DomainName'] = { Ref: 'OwnDomain' };
      },
      'must have one AWS::ApiGatewayV2::ApiMapping, not 0',
    ],
    [
      'a calculated check over one that is not there',
      'Both',
      (own) => {
        config(own)['ChildHealthChecks'] = ['somewhere-else'];
      },
      'there is no health check somewhere-else',
    ],
    [
      'a calculated check over a calculated one',
      'Both',
      (own) => {
        config(own)['ChildHealthChecks'] = [{ Ref: 'Both' }];
      },
      'Both is a calculated check too',
    ],
    [
      'a check of a kind that is not known here',
      'Health',
      (own) => {
        config(own)['Type'] = 'TCP';
      },
      'HealthCheckConfig.Type',
    ],
    [
      'a check with a setting that is not known here',
      'Health',
      (own) => {
        config(own)['Regions'] = ['us-east-1'];
      },
      'HealthCheckConfig.Regions: the local cloud does not know it',
    ],
    [
      'a record that leads to the domain of another name',
      'SharedRecord',
      (own) => {
        alias(own)['DNSName'] = { 'Fn::GetAtt': ['OwnDomain', 'RegionalDomainName'] };
      },
      'leads to the domain of us-east-1.go.example.com',
    ],
    [
      'a record that leads nowhere',
      'SharedRecord',
      (own) => {
        alias(own)['DNSName'] = 'elsewhere.example.com';
      },
      'no domain, load balancer or record of the template is called elsewhere.example.com',
    ],
    [
      'a record of IPv6 for a domain without it',
      'SharedDomain',
      (own) => {
        const [configuration] = own['DomainNameConfigurations'] as Record<string, unknown>[];
        delete configuration?.['IpAddressType'];
      },
      'the domain has no IPv6 address',
    ],
    [
      'a failover record that takes no notice of health',
      'SharedRecord',
      (own) => {
        alias(own)['EvaluateTargetHealth'] = false;
      },
      'must be true for a failover record',
    ],
    [
      'a primary record without a health check',
      'SharedRecord',
      (own) => {
        delete own['HealthCheckId'];
      },
      'without one Route 53 always answers the primary record',
    ],
    [
      'a record with a health check that is not there',
      'SharedRecord',
      (own) => {
        own['HealthCheckId'] = 'somewhere-else';
      },
      'there is no health check somewhere-else',
    ],
    [
      'a record of a policy without an identifier',
      'SharedRecord',
      (own) => {
        delete own['SetIdentifier'];
      },
      'a routing policy needs one',
    ],
    [
      'a simple record with an identifier',
      'OwnRecord',
      (own) => {
        own['SetIdentifier'] = 'us-east-1';
      },
      'a simple record must not have one',
    ],
    [
      'a record of two policies',
      'SharedRecord',
      (own) => {
        own['Weight'] = 1;
      },
      'a failover record must not have one',
    ],
  ])('%s', (_, logicalId, change, problem) => {
    const template = templateWithDomain((resources) => {
      if (problem.includes('IPv6')) propertiesOf(resources, 'SharedRecord')['Type'] = 'AAAA';
      change(propertiesOf(resources, logicalId));
    });
    expect(problemsOf(template)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});

describe('the records of all stacks together', () => {
  const base = read(templateWithDomain());
  const [own, shared] = base.records;
  const other = (record: RecordTemplate | undefined, change: Partial<RecordTemplate>): RegionTemplate => ({
    ...base,
    records: record ? [{ ...record, ...change }] : [],
  });

  test('are well with one primary and one secondary', () => {
    const secondary = { setIdentifier: 'us-west-2', routing: { kind: 'failover', role: 'SECONDARY' } } as const;
    expect(zoneProblems([base, other(shared, secondary)])).toEqual([]);
  });

  test.each<[string, RecordTemplate | undefined, Partial<RecordTemplate>, string]>([
    ['two primaries', shared, { setIdentifier: 'us-west-2' }, 'several PRIMARY records'],
    [
      'two policies',
      shared,
      { setIdentifier: 'us-west-2', routing: { kind: 'weighted', weight: 1 } },
      'different routing policies: failover, weighted',
    ],
    [
      'one identifier twice',
      shared,
      { routing: { kind: 'failover', role: 'SECONDARY' } },
      'several records called us-east-1',
    ],
    ['one simple name twice', own, {}, 'several stacks have a simple record'],
  ])('are refused with %s', (_, record, change, problem) => {
    expect(zoneProblems([base, other(record, change)])).toEqual([expect.stringContaining(problem)]);
  });
});
