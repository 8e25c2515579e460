import { type CfnResource, Fn, Tags, Validations } from 'aws-cdk-lib';
import {
  CfnInternetGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCCidrBlock,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/**
 * A network that holds a load balancer and nothing else: two public subnets in two zones, for IPv4 and IPv6. No function
 * is in it, so it needs no NAT. It is made of the plain resources, because the library's own VPC makes half as many
 * again, and looks up zones in the account while it synthesizes.
 */
export class DoorNetwork extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** The ways to the internet, and who takes them. A load balancer for the internet cannot be made before. */
  readonly waysOut: readonly CfnResource[];

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    const vpc = new CfnVPC(this, 'Vpc', { cidrBlock: '10.0.0.0/23', enableDnsSupport: true, enableDnsHostnames: true });
    const ipv6 = new CfnVPCCidrBlock(this, 'Ipv6', { vpcId: vpc.ref, amazonProvidedIpv6CidrBlock: true });
    const routeTable = new CfnRouteTable(this, 'Routes', { vpcId: vpc.ref });
    const subnets = [0, 1].map((zone) => this.subnet(zone, vpc, ipv6));
    const associations = subnets.map(
      (subnet, zone) =>
        new CfnSubnetRouteTableAssociation(this, `Subnet${zone}Routes`, {
          subnetId: subnet.ref,
          routeTableId: routeTable.ref,
        }),
    );
    this.waysOut = [...this.routes(vpc, routeTable), ...associations];
    this.subnetIds = subnets.map(({ ref }) => ref);
    this.securityGroupId = new CfnSecurityGroup(this, 'Web', {
      vpcId: vpc.ref,
      groupDescription: 'Visitors from everywhere, by HTTP and HTTPS',
      securityGroupIngress: [80, 443].flatMap((port) => [
        { ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIp: '0.0.0.0/0', description: `IPv4, port ${port}` },
        { ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIpv6: '::/0', description: `IPv6, port ${port}` },
      ]),
      // A load balancer reaches Lambda without this network, and opens no connection to anybody else. Without any rule
      // EC2 would add one that allows everything.
      securityGroupEgress: [{ ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32' }],
    }).attrGroupId;
    Tags.of(this).add('Name', name);
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-EC23',
        reason:
          'Whoever sees an advertisement opens its link. So ports 80 and 443 of the load balancer are open to everybody.',
      },
      {
        id: 'AwsSolutions-VPC7',
        reason:
          'The network holds the load balancer and nothing else. Flow logs would keep addresses of visitors a second time, under another retention.',
      },
    );
  }

  private routes(vpc: CfnVPC, routeTable: CfnRouteTable): CfnRoute[] {
    const gateway = new CfnInternetGateway(this, 'Internet');
    const attachment = new CfnVPCGatewayAttachment(this, 'Attachment', {
      vpcId: vpc.ref,
      internetGatewayId: gateway.ref,
    });
    const way = { routeTableId: routeTable.ref, gatewayId: gateway.ref };
    const routes = [
      new CfnRoute(this, 'Ipv4Route', { ...way, destinationCidrBlock: '0.0.0.0/0' }),
      new CfnRoute(this, 'Ipv6Route', { ...way, destinationIpv6CidrBlock: '::/0' }),
    ];
    for (const route of routes) route.addResourceDependency(attachment);
    return routes;
  }

  /** `zone` is the position in the region's list of zones. */
  private subnet(zone: number, vpc: CfnVPC, ipv6: CfnVPCCidrBlock): CfnSubnet {
    const subnet = new CfnSubnet(this, `Subnet${zone}`, {
      vpcId: vpc.ref,
      availabilityZone: Fn.select(zone, Fn.getAzs()),
      // A load balancer that grows takes up to 100 addresses in its subnets.
      cidrBlock: `10.0.${zone}.0/24`,
      ipv6CidrBlock: Fn.select(zone, Fn.cidr(Fn.select(0, vpc.attrIpv6CidrBlocks), 2, '64')),
    });
    subnet.addResourceDependency(ipv6);
    return subnet;
  }
}
