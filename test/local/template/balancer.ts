import { type MinimalTemplate, permission } from './minimal.ts';
import { certificate, record, templateWithDomain, zone } from './traffic.ts';

const getAtt = (logicalId: string, name: string) => ({ 'Fn::GetAtt': [logicalId, name] });

/**
 * The small template with a domain, whose records lead to a load balancer: the shared name by the region's own name. The
 * HTTP API stands beside it.
 */
export function templateWithBalancer(change: (resources: MinimalTemplate['Resources']) => void = () => {}) {
  return templateWithDomain((resources) => {
    addNetwork(resources);
    addBalancer(resources);
    resources['OwnRecord'] = record('us-east-1.go.example.com.', {
      DNSName: { 'Fn::Join': ['.', ['dualstack', getAtt('Balancer', 'DNSName')]] },
      HostedZoneId: getAtt('Balancer', 'CanonicalHostedZoneID'),
      EvaluateTargetHealth: false,
    });
    const ownName = { DNSName: 'us-east-1.go.example.com.', HostedZoneId: zone, EvaluateTargetHealth: true };
    resources['SharedRecord'] = record('go.example.com.', ownName, {
      ...{ SetIdentifier: 'us-east-1', Failover: 'PRIMARY', HealthCheckId: { Ref: 'Both' } },
    });
    change(resources);
  });
}

function addNetwork(resources: MinimalTemplate['Resources']): void {
  resources['Vpc'] = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/23' } };
  resources['Gateway'] = { Type: 'AWS::EC2::InternetGateway', Properties: {} };
  resources['Attachment'] = {
    Type: 'AWS::EC2::VPCGatewayAttachment',
    Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } },
  };
  resources['Routes'] = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
  const way = { RouteTableId: { Ref: 'Routes' }, GatewayId: { Ref: 'Gateway' } };
  resources['Ipv4'] = { Type: 'AWS::EC2::Route', Properties: { ...way, DestinationCidrBlock: '0.0.0.0/0' } };
  resources['Ipv6'] = { Type: 'AWS::EC2::Route', Properties: { ...way, DestinationIpv6CidrBlock: '::/0' } };
  for (const zone of [0, 1]) {
    resources[`Subnet${zone}`] = {
      Type: 'AWS::EC2::Subnet',
      Properties: {
        VpcId: { Ref: 'Vpc' },
        AvailabilityZone: { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] },
        CidrBlock: `10.0.${zone}.0/24`,
        Ipv6CidrBlock: { 'Fn::Select': [zone, { 'Fn::Cidr': [ipv6Block, 2, '64'] }] },
      },
    };
    resources[`Subnet${zone}Routes`] = {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: `Subnet${zone}` }, RouteTableId: { Ref: 'Routes' } },
    };
  }
  const rule = (port: number, from: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...from });
  resources['Web'] = {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: { Ref: 'Vpc' },
      SecurityGroupIngress: [80, 443].flatMap((port) => [
        rule(port, { CidrIp: '0.0.0.0/0' }),
        rule(port, { CidrIpv6: '::/0' }),
      ]),
    },
  };
}

const ipv6Block = { 'Fn::Select': [0, getAtt('Vpc', 'Ipv6CidrBlocks')] };

function addBalancer(resources: MinimalTemplate['Resources']): void {
  resources['BrandCertificate'] = certificate('go.brand.example');
  resources['Balancer'] = {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: {
      Type: 'application',
      Scheme: 'internet-facing',
      IpAddressType: 'dualstack',
      Subnets: [{ Ref: 'Subnet0' }, { Ref: 'Subnet1' }],
      SecurityGroups: [getAtt('Web', 'GroupId')],
      LoadBalancerAttributes: [{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }],
    },
  };
  resources['Target'] = {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: {
      Name: 'small',
      TargetType: 'lambda',
      Targets: [{ Id: getAtt('Function', 'Arn') }],
      TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
      HealthCheckEnabled: false,
    },
  };
  resources['TargetPermission'] = permission('elasticloadbalancing.amazonaws.com', {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    'Fn::Sub': 'arn:aws:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/small/*',
  });
  const forward = [{ Type: 'forward', TargetGroupArn: { Ref: 'Target' } }];
  resources['Http'] = listener({ Port: 80, Protocol: 'HTTP', DefaultActions: forward });
  resources['Https'] = listener({
    ...{ Port: 443, Protocol: 'HTTPS', DefaultActions: forward },
    Certificates: [{ CertificateArn: { Ref: 'SharedCertificate' } }],
  });
  for (const prefix of ['Own', 'Brand']) {
    resources[`${prefix}ListenerCertificate`] = {
      Type: 'AWS::ElasticLoadBalancingV2::ListenerCertificate',
      Properties: {
        ListenerArn: { Ref: 'Https' },
        Certificates: [{ CertificateArn: { Ref: `${prefix}Certificate` } }],
      },
    };
  }
}

function listener(properties: Record<string, unknown>) {
  return {
    Type: 'AWS::ElasticLoadBalancingV2::Listener',
    Properties: { LoadBalancerArn: { Ref: 'Balancer' }, ...properties },
  };
}
