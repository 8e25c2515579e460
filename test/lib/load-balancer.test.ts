import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { configOf, domain, regions, roomy, templatesOf } from './templates.ts';

const [primary] = regions;
const elb = 'AWS::ElasticLoadBalancingV2::';

let template: Template;

beforeAll(() => {
  [template] = templatesOf(configOf({ domain, frontDoor: 'alb', concurrency: roomy }));
});

function onlyId(type: string, properties: object = {}): string {
  const ids = Object.keys(template.findResources(type, { Properties: properties }));
  expect(ids, type).toHaveLength(1);
  return ids[0] ?? '';
}

describe('the network of the load balancer', () => {
  test('is two subnets in two zones of the region, whatever their names are, for IPv4 and IPv6', () => {
    const subnets = Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    expect(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
      { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] },
    ]);
    expect(new Set(subnets.map(({ CidrBlock }) => CidrBlock)).size).toBe(2);
    for (const { Ipv6CidrBlock } of subnets) expect(Ipv6CidrBlock).toHaveProperty('Fn::Select');
  });

  test('has ways to the internet for both, no NAT, and no function in it', () => {
    const routes = Object.values(template.findResources('AWS::EC2::Route')).map(({ Properties }) => Properties);
    const gateway = { Ref: onlyId('AWS::EC2::InternetGateway') };
    const table = { Ref: onlyId('AWS::EC2::RouteTable') };
    expect(routes).toEqual([
      { DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway, RouteTableId: table },
      { DestinationIpv6CidrBlock: '::/0', GatewayId: gateway, RouteTableId: table },
    ]);
    template.resourceCountIs('AWS::EC2::SubnetRouteTableAssociation', 2);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
  });

  test('lets everybody in by ports 80 and 443, and nobody out', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [80, 443].flatMap((port) => [
        Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: port, ToPort: port }),
        Match.objectLike({ CidrIpv6: '::/0', IpProtocol: 'tcp', FromPort: port, ToPort: port }),
      ]),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test('needs no look-up in the account', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/dummy1|Custom::/);
  });
});

describe('the load balancer', () => {
  test('faces the internet by IPv4 and IPv6, and waits for its way there', () => {
    const [balancer] = Object.values(template.findResources(`${elb}LoadBalancer`));
    expect(balancer?.['Properties']).toMatchObject({
      Type: 'application',
      Scheme: 'internet-facing',
      IpAddressType: 'dualstack',
    });
    const routes = Object.keys(template.findResources('AWS::EC2::Route'));
    expect(balancer?.['DependsOn']).toEqual(expect.arrayContaining(routes));
  });

  test('appends the client’s address, lets links with strange characters pass, and lets go of connections', () => {
    const [balancer] = Object.values(template.findResources(`${elb}LoadBalancer`));
    const attributes: { Key: string; Value: string }[] = balancer?.['Properties'].LoadBalancerAttributes;
    expect(Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]))).toEqual({
      'deletion_protection.enabled': 'false',
      'client_keep_alive.seconds': '60',
      'routing.http.xff_header_processing.mode': 'append',
      'routing.http.xff_client_port.enabled': 'false',
      'routing.http.desync_mitigation_mode': 'defensive',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'waf.fail_open.enabled': 'true',
    });
  });

  test('serves port 80 as it serves port 443, and redirects nothing', () => {
    const forward = [{ Type: 'forward', TargetGroupArn: { Ref: onlyId(`${elb}TargetGroup`) } }];
    const LoadBalancerArn = { Ref: onlyId(`${elb}LoadBalancer`) };
    const listeners = Object.values(template.findResources(`${elb}Listener`)).map(({ Properties }) => Properties);
    const certificate = onlyId('AWS::CertificateManager::Certificate', { DomainName: 'go.example.com' });
    expect(listeners).toEqual([
      { LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions: forward },
      {
        LoadBalancerArn,
        Port: 443,
        Protocol: 'HTTPS',
        DefaultActions: forward,
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        Certificates: [{ CertificateArn: { Ref: certificate } }],
      },
    ]);
    template.resourceCountIs(`${elb}ListenerRule`, 0);
  });

  test('hands requests to the alias of `track`, with repeated parameters, and asks for no health of it', () => {
    const alias = { Ref: Match.stringLikeRegexp('^TrackFunctionLive') };
    template.hasResource(`${elb}TargetGroup`, {
      Properties: {
        Name: 'clicks-track',
        TargetType: 'lambda',
        Targets: [{ Id: alias }],
        TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
        HealthCheckEnabled: false,
      },
      DependsOn: [Match.stringLikeRegexp('Permission')],
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: alias,
      Principal: 'elasticloadbalancing.amazonaws.com',
      SourceAccount: '123456789012',
      SourceArn: `arn:aws:elasticloadbalancing:${primary}:123456789012:targetgroup/clicks-track/*`,
    });
  });

  test('is the only door: no part of API Gateway is left, and the outputs name it', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/ApiGateway/);
    const dns = { 'Fn::GetAtt': [onlyId(`${elb}LoadBalancer`), 'DNSName'] };
    template.hasOutput('TrackingUrl', { Value: { 'Fn::Join': ['', ['http://', dns]] } });
    expect(Object.keys(template.findOutputs('*'))).not.toContain('SecondTrackingUrl');
  });
});

describe('names behind a load balancer', () => {
  const own = `${primary}.go.example.com`;

  test('each have their certificate on port 443', () => {
    const certificate = onlyId('AWS::CertificateManager::Certificate', { DomainName: own });
    template.resourceCountIs(`${elb}ListenerCertificate`, 1);
    template.hasResourceProperties(`${elb}ListenerCertificate`, {
      Certificates: [{ CertificateArn: { Ref: certificate } }],
      ListenerArn: { Ref: onlyId(`${elb}Listener`, { Port: 443 }) },
    });
  });

  test.each(['A', 'AAAA'])('are decided by the end-to-end check alone: no health of a target is asked: %s', (Type) => {
    const balancer = onlyId(`${elb}LoadBalancer`);
    const ownId = onlyId('AWS::Route53::RecordSet', { Name: `${own}.`, Type });
    template.hasResource('AWS::Route53::RecordSet', {
      Properties: {
        Name: `${own}.`,
        Type,
        AliasTarget: {
          DNSName: { 'Fn::Join': ['.', ['dualstack', { 'Fn::GetAtt': [balancer, 'DNSName'] }]] },
          HostedZoneId: { 'Fn::GetAtt': [balancer, 'CanonicalHostedZoneID'] },
          EvaluateTargetHealth: false,
        },
        Failover: Match.absent(),
        HealthCheckId: Match.absent(),
      },
    });
    // Route 53 wants the flag on in a failover alias. The name that this one leads to has no health to ask for.
    template.hasResource('AWS::Route53::RecordSet', {
      Properties: {
        Name: 'go.example.com.',
        Type,
        AliasTarget: { DNSName: `${own}.`, HostedZoneId: domain.zoneId, EvaluateTargetHealth: true },
        Failover: 'PRIMARY',
        HealthCheckId: { Ref: onlyId('AWS::Route53::HealthCheck', { HealthCheckConfig: { Type: 'CALCULATED' } }) },
      },
      DependsOn: Match.arrayWith([ownId]),
    });
  });

  test('resolve once both ports serve them', () => {
    const http = onlyId(`${elb}Listener`, { Port: 80 });
    const certificate = onlyId(`${elb}ListenerCertificate`);
    const records = template.findResources('AWS::Route53::RecordSet', { Properties: { Name: `${own}.` } });
    for (const { DependsOn } of Object.values(records)) {
      expect(DependsOn).toEqual(expect.arrayContaining([http, certificate]));
    }
  });

  test('are none without a domain: port 80 is served under the load balancer’s own name', () => {
    const [bare] = templatesOf(configOf({ frontDoor: 'alb', concurrency: roomy }));
    const listeners = Object.values(bare.findResources(`${elb}Listener`)).map(({ Properties }) => Properties.Port);
    expect(listeners).toEqual([80]);
    for (const type of ['Route53::RecordSet', 'Route53::HealthCheck', 'CertificateManager::Certificate']) {
      bare.resourceCountIs(`AWS::${type}`, 0);
    }
    bare.hasOutput('TrackingUrl', {});
  });
});

describe('options of the load balancer', () => {
  const withOptions = (loadBalancer: object) =>
    templatesOf(configOf({ frontDoor: 'alb', concurrency: roomy, loadBalancer }))[0];

  test('are off unless the config asks for them', () => {
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties(`${elb}LoadBalancer`, { MinimumLoadBalancerCapacity: Match.absent() });
  });

  test('waf refuses an address that asks far too often, lets all others in, and keeps no samples', () => {
    const guarded = withOptions({ waf: true });
    const [acl = ''] = Object.keys(guarded.findResources('AWS::WAFv2::WebACL'));
    guarded.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig: { SampledRequestsEnabled: false },
      Rules: [
        {
          Action: { Block: {} },
          Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 10_000, EvaluationWindowSec: 300 } },
          VisibilityConfig: { SampledRequestsEnabled: false },
        },
      ],
    });
    const [balancer = ''] = Object.keys(guarded.findResources(`${elb}LoadBalancer`));
    guarded.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { Ref: balancer },
      WebACLArn: { 'Fn::GetAtt': [acl, 'Arn'] },
    });
  });

  test('reservedCapacityUnits keeps capacity ready', () => {
    withOptions({ reservedCapacityUnits: 120 }).hasResourceProperties(`${elb}LoadBalancer`, {
      MinimumLoadBalancerCapacity: { CapacityUnits: 120 },
    });
  });
});

describe('alarms in front of `track`', () => {
  const alarmOf = (of: Template, kind: string) =>
    Object.values(of.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: `clicks-${kind}` } }))[0]?.[
      'Properties'
    ];

  test('requests-failing adds up what the load balancer, the function and refused connections fail', () => {
    const { Metrics, Threshold, TreatMissingData } = alarmOf(template, 'requests-failing');
    expect(Metrics[0].Expression).toBe('FILL(balancer5xx, 0) + FILL(function5xx, 0) + FILL(refusedConnections, 0)');
    const watched = Metrics.slice(1).map((one: { MetricStat: { Metric: object } }) => one.MetricStat.Metric);
    const Dimensions = [
      { Name: 'LoadBalancer', Value: { 'Fn::GetAtt': [onlyId(`${elb}LoadBalancer`), 'LoadBalancerFullName'] } },
    ];
    expect(watched).toEqual(
      ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count', 'RejectedConnectionCount'].map((MetricName) => ({
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions,
      })),
    );
    expect([Threshold, TreatMissingData]).toEqual([1, 'notBreaching']);
  });

  test('concurrency-near rings at 80 % of the executions at once, or of the starts in a second, that `track` may have', () => {
    const { Metrics, Threshold } = alarmOf(template, 'concurrency-near');
    expect(Metrics[0].Expression).toBe('100 * MAX([FILL(running, 0) / 1000, FILL(started, 0) / 600000])');
    expect(Threshold).toBe(80);
    expect(JSON.stringify(Metrics)).toContain('"Value":"clicks-track"');
    expect(alarmOf(template, 'throttle-near')).toBeUndefined();
  });

  test('concurrency-near is there for an HTTP API too, when `track` has a share of its own, and only then', () => {
    const [shared] = templatesOf(configOf());
    expect(alarmOf(shared, 'concurrency-near')).toBeUndefined();
    const [reserved] = templatesOf(configOf({ concurrency: roomy }));
    expect(alarmOf(reserved, 'concurrency-near')).toBeDefined();
    expect(alarmOf(reserved, 'throttle-near')).toBeDefined();
  });
});
