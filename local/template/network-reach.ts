import {
  gatewayAttachmentType,
  internetGatewayType,
  networkRouteType,
  routeTableAssociationType,
  securityGroupType,
  subnetType,
} from './balancer-types.ts';
import type { Stack } from './stack.ts';

export interface Reach {
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly ports: readonly number[];
  readonly hasIpv6: boolean;
}

/** Why visitors cannot reach a load balancer in this network, or why AWS would refuse to make it there. */
export function reachProblems(stack: Stack, reach: Reach): readonly string[] {
  return [...subnetProblems(stack, reach), ...groupProblems(stack, reach)];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html */
function subnetProblems(stack: Stack, { subnetIds, hasIpv6 }: Reach): string[] {
  const subnets = stack.all(subnetType).filter(({ logicalId }) => subnetIds.includes(stack.ref(logicalId)));
  if (subnets.length < subnetIds.length) return ['Subnets: one of them is not in the template'];
  const zones = new Set(subnets.map(({ properties }) => properties.AvailabilityZone));
  return [
    ...(zones.size < subnets.length ? ['Subnets: two of them are in one zone'] : []),
    ...subnets.flatMap(({ logicalId, properties }) => [
      ...(hasIpv6 && properties.Ipv6CidrBlock === undefined ? [`Subnets: ${logicalId} has no IPv6 addresses`] : []),
      ...(hasWayOut(stack, stack.ref(logicalId), 'DestinationCidrBlock', '0.0.0.0/0', properties.VpcId)
        ? []
        : [`Subnets: ${logicalId} has no route 0.0.0.0/0 to an internet gateway`]),
      ...(!hasIpv6 || hasWayOut(stack, stack.ref(logicalId), 'DestinationIpv6CidrBlock', '::/0', properties.VpcId)
        ? []
        : [`Subnets: ${logicalId} has no route ::/0 to an internet gateway`]),
    ]),
  ];
}

function hasWayOut(
  stack: Stack,
  subnetId: string,
  field: 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock',
  everywhere: string,
  vpcId: string,
): boolean {
  const tables = stack
    .all(routeTableAssociationType)
    .filter(({ properties }) => properties.SubnetId === subnetId)
    .map(({ properties }) => properties.RouteTableId);
  const gateways = stack
    .all(gatewayAttachmentType)
    .filter(({ properties }) => properties.VpcId === vpcId)
    .map(({ properties }) => properties.InternetGatewayId)
    .filter((id) => stack.all(internetGatewayType).some(({ logicalId }) => stack.ref(logicalId) === id));
  return stack
    .all(networkRouteType)
    .some(
      ({ properties }) =>
        tables.includes(properties.RouteTableId) &&
        gateways.includes(properties.GatewayId) &&
        properties[field] === everywhere,
    );
}

function groupProblems(stack: Stack, { groupIds, ports, hasIpv6 }: Reach): string[] {
  const rules = stack
    .all(securityGroupType)
    .filter(({ logicalId }) => groupIds.includes(stack.attribute(logicalId, 'GroupId')))
    .flatMap(({ properties }) => properties.SecurityGroupIngress);
  const lets = (port: number, field: 'CidrIp' | 'CidrIpv6', everywhere: string) =>
    rules.some((rule) => rule.FromPort <= port && port <= rule.ToPort && rule[field] === everywhere);
  return ports.flatMap((port) => [
    ...(lets(port, 'CidrIp', '0.0.0.0/0') ? [] : [`SecurityGroups: none lets 0.0.0.0/0 in to port ${port}`]),
    ...(!hasIpv6 || lets(port, 'CidrIpv6', '::/0') ? [] : [`SecurityGroups: none lets ::/0 in to port ${port}`]),
  ]);
}
