import {
  ApiMapping,
  DomainName,
  EndpointType,
  type HttpApi,
  type IHttpStage,
  IpAddressType,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import type { AliasRecordTargetConfig, IAliasRecordTarget, IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';

export interface CustomNameProps {
  /** For example go.example.com. */
  readonly name: string;
  /** The zone in which ACM's proof of ownership is written. */
  readonly zone: IHostedZone;
  readonly api: HttpApi;
  readonly stage: IHttpStage;
}

/**
 * A name of the region's API, with its certificate; records can point to it. Both regions prove the shared name by the
 * same CNAME, which ACM derives from account and name. So neither region undoes the other's proof:
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class CustomName extends Construct implements IAliasRecordTarget {
  readonly name: string;
  readonly #domain: DomainName;

  constructor(scope: Construct, id: string, { name, zone, api, stage }: CustomNameProps) {
    super(scope, id);
    this.name = name;
    this.#domain = new DomainName(this, 'Domain', {
      domainName: name,
      certificate: new Certificate(this, 'Certificate', {
        domainName: name,
        validation: CertificateValidation.fromDns(zone),
      }),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      // Left out, the domain has no IPv6 address, and its AAAA records lead nowhere.
      ipAddressType: IpAddressType.DUAL_STACK,
    });
    new ApiMapping(this, 'Mapping', { api, domainName: this.#domain, stage });
  }

  /**
   * The library's own target for a domain of API Gateway leaves out `evaluateTargetHealth`, which a failover alias must
   * have: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html. The flag adds no check of ours.
   */
  bind(): AliasRecordTargetConfig {
    return {
      dnsName: this.#domain.regionalDomainName,
      hostedZoneId: this.#domain.regionalHostedZoneId,
      evaluateTargetHealth: true,
    };
  }
}
