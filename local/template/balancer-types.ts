import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/** A load balancer, its listeners and its target group, the network around it, and its web ACL. */

const forPeople = 'for people';

/**
 * Attributes of load balancers and target groups. Each needs an entry, so that none is ignored by accident. Their values
 * are texts: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
function attributes<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(byKey, z.strictObject(shape));
}

/** `[{ Key, Value }]` as an object. Anything else stays, to be refused. */
function byKey(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return Object.fromEntries(list.map((entry: { Key: string; Value: unknown }) => [entry.Key, entry.Value]));
}

export const loadBalancerType = resourceType(
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  {
    Name: z.string().optional(),
    Type: z.literal('application'),
    Scheme: z.literal('internet-facing'),
    IpAddressType: z.enum(['ipv4', 'dualstack']).default('ipv4'),
    Subnets: z.array(z.string()).min(2, 'a load balancer needs subnets in two zones'),
    SecurityGroups: z.array(z.string()).min(1),
    LoadBalancerAttributes: attributes({
      // `append` makes the last entry of the header trustworthy.
      'routing.http.xff_header_processing.mode': z.literal('append').default('append'),
      'routing.http.xff_client_port.enabled': z.literal('false').default('false'),
      'routing.http.desync_mitigation_mode': z.literal('defensive').default('defensive'),
      'routing.http.drop_invalid_header_fields.enabled': z.enum(['true', 'false']).default('false'),
      // Not modelled: nothing is deleted here, a local connection may stay open, and there is no web ACL.
      'deletion_protection.enabled': z.string().optional(),
      'client_keep_alive.seconds': z.string().optional(),
      'waf.fail_open.enabled': z.string().optional(),
    }),
  },
  { MinimumLoadBalancerCapacity: 'a local load balancer does not grow', Tags: forPeople },
);

const certificates = z.array(z.strictObject({ CertificateArn: z.string() })).min(1);

export const listenerType = resourceType('AWS::ElasticLoadBalancingV2::Listener', {
  LoadBalancerArn: z.string(),
  Port: z.int().min(1).max(65_535),
  Protocol: z.enum(['HTTP', 'HTTPS']),
  DefaultActions: z.tuple([z.strictObject({ Type: z.literal('forward'), TargetGroupArn: z.string() })]),
  // Not modelled: the local cloud has no TLS.
  SslPolicy: z.string().optional(),
  Certificates: certificates.optional(),
});

export const listenerCertificateType = resourceType('AWS::ElasticLoadBalancingV2::ListenerCertificate', {
  ListenerArn: z.string(),
  Certificates: certificates,
});

export const targetGroupType = resourceType('AWS::ElasticLoadBalancingV2::TargetGroup', {
  Name: z.string(),
  TargetType: z.literal('lambda'),
  Targets: z.tuple([z.strictObject({ Id: z.string() })]),
  TargetGroupAttributes: attributes({
    'lambda.multi_value_headers.enabled': z.literal('true', 'the local cloud knows the multi-value mode only'),
  }),
  HealthCheckEnabled: z.literal(false),
});

const vpcType = resourceType(
  'AWS::EC2::VPC',
  { CidrBlock: z.string() },
  { EnableDnsSupport: 'no machine is in it', EnableDnsHostnames: 'no machine is in it', Tags: forPeople },
);

const vpcBlockType = resourceType('AWS::EC2::VPCCidrBlock', {
  VpcId: z.string(),
  AmazonProvidedIpv6CidrBlock: z.literal(true),
});

export const subnetType = resourceType(
  'AWS::EC2::Subnet',
  { VpcId: z.string(), AvailabilityZone: z.string(), CidrBlock: z.string(), Ipv6CidrBlock: z.string().optional() },
  { Tags: forPeople },
);

export const internetGatewayType = resourceType('AWS::EC2::InternetGateway', {}, { Tags: forPeople });

export const gatewayAttachmentType = resourceType('AWS::EC2::VPCGatewayAttachment', {
  VpcId: z.string(),
  InternetGatewayId: z.string(),
});

const routeTableType = resourceType('AWS::EC2::RouteTable', { VpcId: z.string() }, { Tags: forPeople });

export const networkRouteType = resourceType('AWS::EC2::Route', {
  RouteTableId: z.string(),
  GatewayId: z.string(),
  DestinationCidrBlock: z.string().optional(),
  DestinationIpv6CidrBlock: z.string().optional(),
});

export const routeTableAssociationType = resourceType('AWS::EC2::SubnetRouteTableAssociation', {
  SubnetId: z.string(),
  RouteTableId: z.string(),
});

export const securityGroupType = resourceType(
  'AWS::EC2::SecurityGroup',
  {
    VpcId: z.string(),
    SecurityGroupIngress: z.array(
      z.strictObject({
        IpProtocol: z.literal('tcp'),
        FromPort: z.int(),
        ToPort: z.int(),
        CidrIp: z.string().optional(),
        CidrIpv6: z.string().optional(),
        Description: z.string().optional(),
      }),
    ),
  },
  {
    GroupDescription: forPeople,
    SecurityGroupEgress: 'a load balancer reaches Lambda without its network',
    Tags: forPeople,
  },
);

const everybodyPasses = 'the local cloud has no web ACL, so every request passes';

const webAclType = resourceType(
  'AWS::WAFv2::WebACL',
  { Name: z.string(), Scope: z.literal('REGIONAL') },
  { DefaultAction: everybodyPasses, Rules: everybodyPasses, VisibilityConfig: everybodyPasses },
);

const webAclAssociationType = resourceType('AWS::WAFv2::WebACLAssociation', {
  ResourceArn: z.string(),
  WebACLArn: z.string(),
});

export const balancerTypes = [
  loadBalancerType,
  listenerType,
  listenerCertificateType,
  targetGroupType,
  vpcType,
  vpcBlockType,
  subnetType,
  internetGatewayType,
  gatewayAttachmentType,
  routeTableType,
  networkRouteType,
  routeTableAssociationType,
  securityGroupType,
  webAclType,
  webAclAssociationType,
] as const;
