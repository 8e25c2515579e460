import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { configOf, domain, roomy, templatesOf } from './templates.ts';

/** A deployment changes its door in three deploys. Each step is what CloudFormation gets to see. */

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

type Resources = Readonly<Record<string, Resource>>;

const trackingNames = [
  { name: 'go.brand.com', zoneName: 'brand.com', zoneId: 'Z0123456789BRAND' },
  {
    name: 'click.affiliate.org',
    certificates: {
      'us-east-1': 'arn:aws:acm:us-east-1:123456789012:certificate/one',
      'eu-west-1': 'arn:aws:acm:eu-west-1:123456789012:certificate/two',
    },
  },
];

function resourcesOf(doors: object): Resources {
  const [template]: readonly Template[] = templatesOf(
    configOf({ domain, trackingNames, concurrency: roomy, ...doors }),
  );
  return template?.toJSON()['Resources'];
}

const onlyApi = resourcesOf({});
const balancerAdded = resourcesOf({ secondFrontDoor: 'alb' });
const balancerFirst = resourcesOf({ frontDoor: 'alb', secondFrontDoor: 'http-api' });
const onlyBalancer = resourcesOf({ frontDoor: 'alb' });

const steps = [
  ['a load balancer is added', onlyApi, balancerAdded],
  ['the records lead to the load balancer', balancerAdded, balancerFirst],
  ['the HTTP API is removed', balancerFirst, onlyBalancer],
  ['an HTTP API is added', onlyBalancer, balancerFirst],
  ['the records lead to the HTTP API', balancerFirst, balancerAdded],
  ['the load balancer is removed', balancerAdded, onlyApi],
] as const;

function typesOf(resources: Resources, but: Resources): string[] {
  const ids = Object.keys(resources).filter((id) => but[id] === undefined);
  return [...new Set(ids.map((id) => resources[id]?.Type ?? ''))].sort();
}

function changed(before: Resources, after: Resources): [string, Resource, Resource][] {
  return Object.entries(before).flatMap(([id, old]) => {
    const now = after[id];
    return now && JSON.stringify(old.Properties) !== JSON.stringify(now.Properties) ? [[id, old, now]] : [];
  });
}

describe.each(steps)('while %s', (_, before, after) => {
  test('nothing is replaced: what stays changes in ways that CloudFormation makes in place', () => {
    for (const [id, old, now] of changed(before, after)) {
      expect([id, now.Type]).toEqual([id, old.Type]);
      const different = Object.keys({ ...old.Properties, ...now.Properties }).filter(
        (name) => JSON.stringify(old.Properties[name]) !== JSON.stringify(now.Properties[name]),
      );
      const { [now.Type]: inPlace = [] } = changesInPlace;
      expect(inPlace, `${id} changes ${different.join(', ')}`).toEqual(expect.arrayContaining(different));
    }
  });

  test('each record keeps its logical id, so no second one of its name is made before the first is gone', () => {
    const namesOf = (resources: Resources) =>
      new Map(
        Object.entries(resources)
          .filter(([, { Type }]) => Type === 'AWS::Route53::RecordSet')
          .map(([id, { Properties }]) => [`${Properties['Name']} ${Properties['Type']}`, id]),
      );
    const [old, now] = [namesOf(before), namesOf(after)];
    for (const [name, id] of now) if (old.has(name)) expect(old.get(name)).toBe(id);
    for (const name of old.keys()) expect(now.has(name) || isOwnName(name), name).toBe(true);
  });

  test('certificates, names and health checks stay as they are', () => {
    const shared = /CertificateManager|HealthCheck/;
    const of = (resources: Resources) =>
      Object.entries(resources)
        .filter(([, { Type }]) => shared.test(Type))
        .map(([id, { Properties }]) => [id, Properties]);
    expect(of(after)).toEqual(of(before));
  });
});

/** The region's name in a brand's zone is needed by the load balancer alone. No visitor knows it. */
function isOwnName(name: string): boolean {
  return name.startsWith('us-east-1.go.brand.com.');
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ says of each: update requires no interruption. */
const changesInPlace: Readonly<Record<string, readonly string[]>> = {
  'AWS::Route53::RecordSet': ['AliasTarget'],
  'AWS::CloudWatch::Alarm': [
    ...['Metrics', 'MetricName', 'Namespace', 'Dimensions', 'Period', 'Statistic', 'AlarmDescription'],
  ],
  'AWS::CloudWatch::Dashboard': ['DashboardBody'],
  'AWS::ElasticLoadBalancingV2::Listener': ['Certificates'],
};

describe('a door', () => {
  const ofApi = /^AWS::ApiGatewayV2::|^AWS::Lambda::Permission$|^AWS::CloudWatch::Alarm$/;
  const ofBalancer = /^AWS::(EC2|ElasticLoadBalancingV2)::|^AWS::Lambda::Permission$|^AWS::Route53::RecordSet$/;

  test('that is added or removed brings and takes what is its own, and nothing else', () => {
    for (const type of typesOf(balancerAdded, onlyApi)) expect(type).toMatch(ofBalancer);
    expect(typesOf(onlyApi, balancerAdded)).toEqual([]);
    for (const type of typesOf(balancerFirst, onlyBalancer)) expect(type).toMatch(ofApi);
    expect(typesOf(onlyBalancer, balancerFirst)).toEqual([]);
  });

  test('that the records left goes on serving every name, for resolvers that remember it', () => {
    const names = ['go.example.com', 'us-east-1.go.example.com', 'go.brand.com', 'click.affiliate.org'];
    for (const resources of [balancerAdded, balancerFirst]) {
      const served = Object.values(resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::DomainName');
      expect(served.map(({ Properties }) => Properties['DomainName'])).toEqual(names);
      const certificates = Object.values(resources)
        .filter(({ Type }) => /ElasticLoadBalancingV2::Listener(Certificate)?$/.test(Type))
        .flatMap(({ Properties }) => Properties['Certificates'] ?? []);
      expect(certificates).toHaveLength(names.length);
    }
    expect(changed(balancerAdded, balancerFirst).filter(([, { Type }]) => ofDoors.test(Type))).toEqual([]);
  });

  test('that is added gets no visitors yet', () => {
    expect(changed(onlyApi, balancerAdded).filter(([, { Type }]) => Type === 'AWS::Route53::RecordSet')).toEqual([]);
  });
});

const ofDoors = /ApiGatewayV2|ElasticLoadBalancingV2|EC2/;
