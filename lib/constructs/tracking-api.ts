import { Validations } from 'aws-cdk-lib';
import {
  ApiMapping,
  DomainName,
  EndpointType,
  HttpApi,
  type HttpStage,
  IpAddressType,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functionName } from '../../core/config/resource-names.ts';
import { limits } from '../../core/limits/limits.ts';
import { alarm } from '../alarm.ts';
import { period } from '../metrics.ts';
import type { RegionPlan } from '../region-plan.ts';
import { type FrontDoor, type ServedName, servedName } from './front-door.ts';

export interface TrackingApiProps extends RegionPlan {
  readonly handler: IFunction;
}

/**
 * The HTTP API in front of `track`. Every path goes to the function, which decides what a link means. API Gateway's own
 * name stays in use beside the configured names. It is the only name of a deployment without a domain.
 */
export class TrackingApi extends Construct implements FrontDoor {
  readonly url: string;
  readonly failures: FrontDoor['failures'];
  readonly title = 'HTTP API';
  readonly requests: IMetric;
  readonly causes: readonly IMetric[];
  readonly #api: HttpApi;
  readonly #stage: HttpStage;

  constructor(scope: Construct, id: string, { handler, ...plan }: TrackingApiProps) {
    super(scope, id);
    const { throttle } = plan.config;
    this.#api = new HttpApi(this, 'Api', {
      apiName: functionName(plan.config, 'track'),
      defaultIntegration: new HttpLambdaIntegration('Track', handler),
      // The library's own stage takes no throttle.
      createDefaultStage: false,
    });
    this.#stage = this.#api.addStage('DefaultStage', {
      autoDeploy: true,
      // Requests above it get 429 from API Gateway and never reach the function.
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
    });
    this.url = this.#api.apiEndpoint;
    this.failures = { api5xx: this.#api.metricServerError({ period, statistic: Stats.SUM }) };
    this.requests = this.#api.metricCount({ period });
    this.causes = [this.#api.metricClientError({ period, statistic: Stats.SUM })];
    const { throttleNear, periodSeconds } = limits.alarms;
    alarm(scope, 'throttle-near', plan, {
      severity: 'page',
      says: 'The API is asked for nearly as much as it lets in, and what is above that is answered 429.',
      metric: this.requests,
      when: { atLeast: Math.ceil(throttle.requestsPerSecond * periodSeconds * throttleNear.share) },
      for: throttleNear,
      silence: 'is well',
    });
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG4',
        reason:
          'Tracking links are opened by whoever sees an advertisement, without credentials. The signature in a transaction id proves which click a conversion belongs to, and not who reports it: an advertiser proves that with a token or its addresses.',
      },
      {
        id: 'AwsSolutions-APIG1',
        reason:
          'Each request is an event with address and user agent in the event log, or is counted with the reason why not. An access log would keep the same personal data a second time, under another retention.',
      },
    );
  }

  serve(scope: Construct, name: string, certificate: ICertificate): ServedName {
    const domain = new DomainName(scope, 'Domain', {
      domainName: name,
      certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      // Left out, the domain has no IPv6 address, and its AAAA records lead nowhere.
      ipAddressType: IpAddressType.DUAL_STACK,
    });
    const mapping = new ApiMapping(scope, 'Mapping', { api: this.#api, domainName: domain, stage: this.#stage });
    // The library's own target for a domain of API Gateway leaves out `evaluateTargetHealth`, which a failover alias must
    // have: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html. The flag adds no check of ours.
    const alias = {
      dnsName: domain.regionalDomainName,
      hostedZoneId: domain.regionalHostedZoneId,
      evaluateTargetHealth: true,
    };
    return servedName(alias, mapping);
  }
}
