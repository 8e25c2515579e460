import { ApiGatewayV2Client, GetApisCommand, GetStageCommand, GetStagesCommand } from '@aws-sdk/client-apigatewayv2';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ManagedCloud, managedCloud, refusal } from './managed-cloud.ts';

/** What the doctor asks of how much is let in, by the SDK's own clients. */

let cloud: ManagedCloud;
beforeEach(async () => {
  cloud = await managedCloud();
});

describe('API Gateway', () => {
  const client = () => cloud.open(ApiGatewayV2Client);
  const stage = (ApiId: string, StageName = '$default') => client().send(new GetStageCommand({ ApiId, StageName }));

  test('lists the APIs, and tells the throttle of their stage', async () => {
    const { Items } = await client().send(new GetApisCommand({}));
    expect(Items).toMatchObject([{ ApiId: 'api1', Name: 'kt-track', ProtocolType: 'HTTP' }]);
    expect((await stage('api1')).DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 5_000,
      ThrottlingBurstLimit: 2_500,
    });
  });

  test('knows no other API and no other stage, and refuses what is not modelled', async () => {
    expect(await refusal(stage('api2'))).toBe('NotFoundException');
    expect(await refusal(stage('api1', 'beta'))).toBe('NotFoundException');
    const stages = new GetStagesCommand({ ApiId: 'api1' });
    expect(await refusal(client().send(stages))).toBe('UnknownOperationException');
  });
});

describe('Service Quotas', () => {
  const client = () => cloud.open(ServiceQuotasClient);
  const asked = (QuotaCode: string, ServiceCode = 'apigateway') => ({ ServiceCode, QuotaCode });
  const applied = (QuotaCode: string) => client().send(new GetServiceQuotaCommand(asked(QuotaCode)));
  const usual = (QuotaCode: string) => client().send(new GetAWSDefaultServiceQuotaCommand(asked(QuotaCode)));

  test('tells what a new account has, and only the default of what cannot be changed', async () => {
    expect((await applied('L-8A5B8E43')).Quota).toMatchObject({ QuotaName: 'Throttle rate', Value: 10_000 });
    expect(await refusal(applied('L-CDF5615A'))).toBe('NoSuchResourceException');
    expect((await usual('L-CDF5615A')).Quota).toMatchObject({ QuotaName: 'Throttle burst rate', Value: 5_000 });
  });

  test('knows no other quota', async () => {
    expect(await refusal(usual('L-00000000'))).toBe('NoSuchResourceException');
  });
});
