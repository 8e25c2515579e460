import { Fn, Validations } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  CfnListener,
  CfnListenerCertificate,
  type CfnListenerProps,
  CfnLoadBalancer,
  CfnTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { targetGroupName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { DoorNetwork } from './door-network.ts';
import { type FrontDoor, type ServedName, servedName } from './front-door.ts';
import { WebAcl } from './web-acl.ts';

export interface LoadBalancerProps extends RegionPlan {
  readonly handler: IFunction;
}

/**
 * An Application Load Balancer in front of `track`, for everybody on the internet. Unlike an HTTP API it serves port 80
 * too, so links that were handed out as `http://` work. Without a domain it serves port 80 alone, under its own name.
 */
export class LoadBalancer extends Construct implements FrontDoor {
  readonly url: string;
  readonly failures: FrontDoor['failures'];
  readonly title = 'Load balancer';
  readonly requests: IMetric;
  readonly causes: readonly IMetric[];
  readonly #balancer: CfnLoadBalancer;
  readonly #http: CfnListener;
  readonly #targetGroup: CfnTargetGroup;
  #https: CfnListener | undefined;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { name, loadBalancer } = props.config;
    const network = new DoorNetwork(this, 'Network', `${name}-track`);
    const units = loadBalancer?.reservedCapacityUnits;
    this.#balancer = new CfnLoadBalancer(this, 'Balancer', {
      type: 'application',
      scheme: 'internet-facing',
      ipAddressType: 'dualstack',
      subnets: [...network.subnetIds],
      securityGroups: [network.securityGroupId],
      loadBalancerAttributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
      ...(units !== undefined && { minimumLoadBalancerCapacity: { capacityUnits: units } }),
    });
    for (const way of network.waysOut) this.#balancer.addResourceDependency(way);
    this.#targetGroup = this.targetGroup(props);
    // Forwarded and not redirected: a click through an old `http://` link would pay a second round trip, and servers that
    // send postbacks often follow no redirect.
    this.#http = this.listener('Http', { port: 80, protocol: 'HTTP' });
    if (loadBalancer?.waf) new WebAcl(this, 'Waf', { name: `${name}-track`, resourceArn: this.#balancer.ref });
    this.url = `http://${this.#balancer.attrDnsName}`;
    this.failures = {
      balancer5xx: this.metric('HTTPCode_ELB_5XX_Count'),
      function5xx: this.metric('HTTPCode_Target_5XX_Count'),
      refusedConnections: this.metric('RejectedConnectionCount'),
    };
    this.requests = this.metric('RequestCount');
    const ofTarget = { TargetGroup: this.#targetGroup.attrTargetGroupFullName };
    this.causes = [
      this.metric('HTTPCode_ELB_4XX_Count'),
      this.metric('LambdaUserError', ofTarget),
      this.metric('LambdaInternalError', ofTarget),
      this.metric('ConsumedLCUs'),
    ];
    Validations.of(this.#balancer).acknowledge({
      id: 'AwsSolutions-ELB2',
      reason:
        'Each request is an event with address and user agent in the event log, or is counted with the reason why not. An access log would keep the same personal data a second time, under another retention. Requests that the load balancer answers itself are counted in its metrics.',
    });
  }

  /**
   * The alias asks for no health of the target. AWS does not document whether a group without health checks counts as
   * healthy. With them, a function that fails would take the region out of DNS although the rest of the way is well, or
   * keep it in although S3 and SQS are down. Route 53's own check of `/health` goes the whole way, and decides alone.
   */
  serve(scope: Construct, _name: string, { certificateArn }: ICertificate): ServedName {
    return servedName(
      {
        dnsName: Fn.join('.', ['dualstack', this.#balancer.attrDnsName]),
        hostedZoneId: this.#balancer.attrCanonicalHostedZoneId,
        evaluateTargetHealth: false,
      },
      this.certified(scope, certificateArn),
      this.#http,
    );
  }

  /** The first certificate is the default of the listener, which answers clients that send no name in TLS. */
  private certified(scope: Construct, certificateArn: string): Construct {
    const certificates = [{ certificateArn }];
    if (this.#https) {
      return new CfnListenerCertificate(scope, 'ListenerCertificate', { listenerArn: this.#https.ref, certificates });
    }
    this.#https = this.listener('Https', { port: 443, protocol: 'HTTPS', sslPolicy, certificates });
    return this.#https;
  }

  private listener(id: string, props: Omit<CfnListenerProps, 'loadBalancerArn' | 'defaultActions'>): CfnListener {
    return new CfnListener(this, id, {
      loadBalancerArn: this.#balancer.ref,
      defaultActions: [{ type: 'forward', targetGroupArn: this.#targetGroup.ref }],
      ...props,
    });
  }

  private targetGroup({ config, resources, handler }: LoadBalancerProps): CfnTargetGroup {
    const name = targetGroupName(config);
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'elasticloadbalancing.amazonaws.com',
      sourceAccount: config.account,
      sourceArn: `arn:aws:elasticloadbalancing:${resources.home}:${config.account}:targetgroup/${name}/*`,
    });
    const targetGroup = new CfnTargetGroup(this, 'Target', {
      name,
      targetType: 'lambda',
      targets: [{ id: handler.functionArn }],
      targetGroupAttributes: [{ key: 'lambda.multi_value_headers.enabled', value: 'true' }],
      healthCheckEnabled: false,
    });
    targetGroup.addResourceDependency(permission);
    return targetGroup;
  }

  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
  private metric(metricName: string, dimensions: Readonly<Record<string, string>> = {}): Metric {
    return new Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensionsMap: { LoadBalancer: this.#balancer.attrLoadBalancerFullName, ...dimensions },
      statistic: Stats.SUM,
      period,
    });
  }
}

/** TLS 1.2 and 1.3: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const sslPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
const attributes = {
  // The load balancer holds nothing, and a door that is left must go with its deploy.
  'deletion_protection.enabled': 'false',
  'client_keep_alive.seconds': String(limits.loadBalancer.clientKeepAliveSeconds),
  // Appends the client's address to what the client sent. `track` reads the last entry, so nobody can forge it.
  'routing.http.xff_header_processing.mode': 'append',
  'routing.http.xff_client_port.enabled': 'false',
  // `strictest` would refuse links with characters that browsers send as they stand.
  'routing.http.desync_mitigation_mode': 'defensive',
  // `track` reads no header whose name has other characters than letters, digits and hyphens.
  'routing.http.drop_invalid_header_fields.enabled': 'true',
  // When the web ACL cannot be asked, a click is worth more than a refusal.
  'waf.fail_open.enabled': 'true',
};
