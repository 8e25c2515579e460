import { listenerCertificateType, listenerType, loadBalancerType, targetGroupType } from './balancer-types.ts';
import { certificateName } from './certificates.ts';
import { findInvocable } from './invocable.ts';
import { reachProblems } from './network-reach.ts';
import { checkInvocable } from './permissions.ts';
import type { FunctionTemplate, ListenerTemplate, LoadBalancerTemplate } from './region-template.ts';
import type { KnownResource } from './resource-type.ts';
import type { Stack } from './stack.ts';

/** Reads the load balancers whose listeners lead to functions. */
export function readLoadBalancers(stack: Stack, functions: readonly FunctionTemplate[]): LoadBalancerTemplate[] {
  return stack.all(loadBalancerType).map(({ logicalId, properties }) => {
    const arn = stack.ref(logicalId);
    const listeners = stack
      .all(listenerType)
      .filter((listener) => listener.properties.LoadBalancerArn === arn)
      .flatMap((listener) => readListener(stack, listener, functions));
    const hasIpv6 = properties.IpAddressType === 'dualstack';
    const subnets = { subnetIds: properties.Subnets, groupIds: properties.SecurityGroups };
    const reach = { ...subnets, ports: listeners.map(({ port }) => port), hasIpv6 };
    for (const problem of reachProblems(stack, reach)) stack.refuse(logicalId, problem);
    if (listeners.length === 0) stack.refuse(logicalId, 'no AWS::ElasticLoadBalancingV2::Listener leads to a function');
    return {
      logicalId,
      dnsName: stack.attribute(logicalId, 'DNSName').toLowerCase(),
      zoneId: stack.attribute(logicalId, 'CanonicalHostedZoneID'),
      hasIpv6,
      dropsInvalidHeaders:
        properties.LoadBalancerAttributes['routing.http.drop_invalid_header_fields.enabled'] === 'true',
      listeners,
    };
  });
}

type Listener = KnownResource<ReturnType<typeof listenersOf>[number]['properties']>;

function listenersOf(stack: Stack) {
  return stack.all(listenerType);
}

function readListener(
  stack: Stack,
  { logicalId, properties }: Listener,
  functions: readonly FunctionTemplate[],
): ListenerTemplate[] {
  const { Port, Protocol, Certificates = [], DefaultActions } = properties;
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
  if ((Protocol === 'HTTPS') !== Certificates.length > 0) {
    stack.refuse(logicalId, `Certificates: ${Protocol} ${Protocol === 'HTTPS' ? 'needs one' : 'takes none'}`);
  }
  const further = stack
    .all(listenerCertificateType)
    .filter((one) => one.properties.ListenerArn === stack.ref(logicalId))
    .flatMap((one) => one.properties.Certificates);
  const certificateNames = [...Certificates, ...further].flatMap(
    ({ CertificateArn }) => certificateName(stack, logicalId, CertificateArn) ?? [],
  );
  const [{ TargetGroupArn }] = DefaultActions;
  const functionArn = targetOf(stack, logicalId, TargetGroupArn, functions);
  if (functionArn === undefined) return [];
  return [{ port: Port, protocol: Protocol, certificateNames, targetGroupArn: TargetGroupArn, functionArn }];
}

function targetOf(
  stack: Stack,
  logicalId: string,
  targetGroupArn: string,
  functions: readonly FunctionTemplate[],
): string | undefined {
  const group = stack.all(targetGroupType).find((one) => stack.ref(one.logicalId) === targetGroupArn);
  if (group === undefined) {
    stack.refuse(logicalId, `DefaultActions: there is no target group ${targetGroupArn} in the template`);
    return undefined;
  }
  const [{ Id }] = group.properties.Targets;
  const invocable = findInvocable(functions, Id);
  if (invocable === undefined) {
    stack.refuse(group.logicalId, `Targets: no function in the template belongs to ${Id}`);
    return undefined;
  }
  checkInvocable(stack, group.logicalId, invocable, 'elasticloadbalancing.amazonaws.com', targetGroupArn);
  return invocable.target.arn;
}
