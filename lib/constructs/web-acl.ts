import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { limits } from '../../core/limits/limits.ts';

export interface WebAclProps {
  readonly name: string;
  /** The load balancer. */
  readonly resourceArn: string;
}

/** Refuses an address that asks far too often, with 403, before a request reaches a function. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, { name, resourceArn }: WebAclProps) {
    super(scope, id);
    const { requestsPerAddressMax, windowSeconds } = limits.waf;
    const acl = new CfnWebACL(this, 'Acl', {
      name,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible(name),
      rules: [
        {
          name: 'requests-of-an-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: requestsPerAddressMax,
              evaluationWindowSec: windowSeconds,
            },
          },
          visibilityConfig: visible(`${name}-requests-of-an-address`),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn, webAclArn: acl.attrArn });
  }
}

/** Samples would keep addresses and links for three hours, outside of the event log. */
function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
