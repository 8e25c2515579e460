import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';

export interface QuotaName {
  readonly serviceCode: string;
  readonly quotaCode: string;
}

/** What the account has of a quota. A quota that was never changed may have only a default. Throws what the SDK throws. */
export async function serviceQuota(
  client: ServiceQuotasClient,
  { serviceCode: ServiceCode, quotaCode: QuotaCode }: QuotaName,
): Promise<number> {
  const named = { ServiceCode, QuotaCode };
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(named));
    if (Quota?.Value !== undefined) return Quota.Value;
  } catch (error) {
    if ((error as Error).name !== 'NoSuchResourceException') throw error;
  }
  const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(named));
  return Quota?.Value ?? 0;
}
