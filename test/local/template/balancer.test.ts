import { describe, expect, test } from 'vitest';
import { templateWithBalancer } from './balancer.ts';
import { type MinimalTemplate, minimalTemplate, problemsOf, propertiesOf, read } from './minimal.ts';

test('a stack without a load balancer has none', () => {
  expect(read(minimalTemplate()).loadBalancers).toEqual([]);
});

describe('a stack with a load balancer', () => {
  const region = read(templateWithBalancer());

  test('has its listeners, each with its function and the names of its certificates', () => {
    const [balancer] = region.loadBalancers;
    expect(balancer).toMatchObject({ hasIpv6: true, dropsInvalidHeaders: true });
    expect(balancer?.listeners).toMatchObject([
      { port: 80, protocol: 'HTTP', certificateNames: [], functionArn: region.functions[0]?.arn },
      { port: 443, certificateNames: ['go.example.com', 'us-east-1.go.example.com', 'go.brand.example'] },
    ]);
  });

  test('has a record that leads to it and asks for no health, and one that leads to that record', () => {
    const target = `dualstack.${region.loadBalancers[0]?.dnsName}`;
    const own = { name: 'us-east-1.go.example.com', target, evaluateTargetHealth: false };
    const shared = { name: 'go.example.com', target: own.name, healthCheckId: region.healthChecks[2]?.id };
    expect(region.records).toMatchObject([own, shared]);
  });

  test('may have a certificate that was made outside of the template', () => {
    const certificate = 'arn:aws:acm:us-east-1:111122223333:certificate/foreign';
    const template = templateWithBalancer((resources) => {
      propertiesOf(resources, 'BrandListenerCertificate')['Certificates'] = [{ CertificateArn: certificate }];
    });
    expect(problemsOf(template)).toEqual([]);
  });
});

describe('is refused', () => {
  type Change = (own: Record<string, unknown>, resources: MinimalTemplate['Resources']) => void;
  const attribute = (Key: string, Value: string) => [{ Key, Value }];

  test.each<[string, string, Change, string]>([
    ['an internal load balancer', 'Balancer', (own) => set(own, 'Scheme', 'internal'), 'Scheme'],
    [
      'a property that is not known here',
      'Balancer',
      (own) => set(own, 'Novelty', 1),
      'Novelty: the local cloud does not know it',
    ],
    [
      'an attribute that is not known here',
      'Balancer',
      (own) => set(own, 'LoadBalancerAttributes', attribute('idle_timeout.timeout_seconds', '30')),
      'idle_timeout.timeout_seconds: the local cloud does not know it',
    ],
    [
      'a header of addresses that is not appended to',
      'Balancer',
      (own) => set(own, 'LoadBalancerAttributes', attribute('routing.http.xff_header_processing.mode', 'preserve')),
      'routing.http.xff_header_processing.mode',
    ],
    ['one subnet', 'Balancer', (own) => set(own, 'Subnets', [{ Ref: 'Subnet0' }]), 'needs subnets in two zones'],
    [
      'two subnets in one zone',
      'Subnet1',
      (own) => set(own, 'AvailabilityZone', 'us-east-1a'),
      'Subnets: two of them are in one zone',
    ],
    ['a subnet without IPv6', 'Subnet1', (own) => unset(own, 'Ipv6CidrBlock'), 'Subnet1 has no IPv6 addresses'],
    [
      'a subnet without a way to the internet',
      'Subnet1Routes',
      (own) => set(own, 'SubnetId', { Ref: 'Subnet0' }),
      'Subnet1 has no route 0.0.0.0/0 to an internet gateway',
    ],
    [
      'a route that no gateway serves',
      'Attachment',
      (own) => set(own, 'InternetGatewayId', 'igw-elsewhere'),
      'Subnet0 has no route ::/0 to an internet gateway',
    ],
    [
      'a security group that lets nobody in',
      'Web',
      (own) => set(own, 'SecurityGroupIngress', []),
      'SecurityGroups: none lets 0.0.0.0/0 in to port 80',
    ],
    ['port 443 without a certificate', 'Https', (own) => unset(own, 'Certificates'), 'Certificates: HTTPS needs one'],
    [
      'a certificate of another region',
      'Https',
      (own) => set(own, 'Certificates', [{ CertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/x' }]),
      'is no certificate of 111122223333 in us-east-1',
    ],
    [
      'a listener that redirects',
      'Http',
      (own) => set(own, 'DefaultActions', [{ Type: 'redirect' }]),
      'DefaultActions',
    ],
    [
      'a target group out of multi-value mode',
      'Target',
      (own) => set(own, 'TargetGroupAttributes', attribute('lambda.multi_value_headers.enabled', 'false')),
      'the local cloud knows the multi-value mode only',
    ],
    [
      'a target that is no function of the template',
      'Target',
      (own) => set(own, 'Targets', [{ Id: 'arn:aws:lambda:us-east-1:111122223333:function:other' }]),
      'no function in the template belongs to',
    ],
    [
      'a function that the load balancer may not invoke',
      'TargetPermission',
      (own) => set(own, 'SourceAccount', '999999999999'),
      'no AWS::Lambda::Permission lets elasticloadbalancing.amazonaws.com invoke small',
    ],
    [
      'a record of a name without a certificate',
      'Https',
      (own) => set(own, 'Certificates', [{ CertificateArn: { Ref: 'BrandCertificate' } }]),
      'SharedRecord (AWS::Route53::RecordSet): leads to a load balancer that has no certificate for go.example.com',
    ],
    [
      'a record of IPv6 for a load balancer without it',
      'Balancer',
      (own, resources) => {
        unset(own, 'IpAddressType');
        set(propertiesOf(resources, 'OwnRecord'), 'Type', 'AAAA');
      },
      'the load balancer has no IPv6 address',
    ],
    [
      'a record in the zone of another load balancer',
      'OwnRecord',
      (own) => set(own['AliasTarget'] as Record<string, unknown>, 'HostedZoneId', 'Z1'),
      'must be the one of the load balancer',
    ],
  ])('%s', (_, logicalId, change, problem) => {
    const template = templateWithBalancer((resources) => change(propertiesOf(resources, logicalId), resources));
    expect(problemsOf(template)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });
});

function set(properties: Record<string, unknown>, name: string, value: unknown): void {
  properties[name] = value;
}

function unset(properties: Record<string, unknown>, name: string): void {
  delete properties[name];
}
