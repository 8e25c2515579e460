import { Validations } from 'aws-cdk-lib';
import { HttpApi, type HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DeployConfig } from '../../core/config/deploy-config.ts';

export interface TrackingApiProps {
  readonly apiName: string;
  readonly handler: IFunction;
  /** Requests above it get 429 from API Gateway and never reach the function. */
  readonly throttle: DeployConfig['throttle'];
}

/**
 * The HTTP API in front of `track`. Every path goes to the function, which decides what a link means. API Gateway's own
 * name stays in use beside the configured names. It is the way in when DNS, a certificate or the hosted zone is broken,
 * and the only name of a deployment without a domain.
 */
export class TrackingApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { apiName, handler, throttle }: TrackingApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName,
      defaultIntegration: new HttpLambdaIntegration('Track', handler),
      // The library's own stage takes no throttle.
      createDefaultStage: false,
    });
    this.stage = this.api.addStage('DefaultStage', {
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
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
}
