import { Validations } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface TrackingApiProps {
  readonly apiName: string;
  readonly handler: IFunction;
}

/** The HTTP API in front of `track`. Every path goes to the function: what a link means is decided there. */
export class TrackingApi extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { apiName, handler }: TrackingApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName,
      defaultIntegration: new HttpLambdaIntegration('Track', handler),
    });
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-APIG4',
        reason:
          'Tracking links are opened by whoever sees an advertisement, without credentials. A conversion proves where it comes from by the signature in its transaction id.',
      },
      {
        id: 'AwsSolutions-APIG1',
        reason:
          'Each request is an event with address and user agent in the event log, or is counted with the reason why not. An access log would keep the same personal data a second time, under another retention.',
      },
    );
  }
}
