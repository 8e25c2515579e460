import { z } from 'zod';
import type { JsonOutcome } from './json-protocol.ts';
import { createJsonService, jsonAction } from './json-service.ts';
import type { WireService } from './wire-service.ts';

const input = z.strictObject({ ServiceCode: z.string().min(1).max(63), QuotaCode: z.string().min(1).max(128) });
type Input = z.output<typeof input>;

interface Quota {
  readonly name: string;
  /** The value in force. AWS has one only for a quota that can be changed. */
  readonly applied?: number;
  readonly usual: number;
}

/** The quotas of a new account: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const quotas: Readonly<Record<string, Quota>> = {
  'apigateway L-8A5B8E43': { name: 'Throttle rate', applied: 10_000, usual: 10_000 },
  'apigateway L-CDF5615A': { name: 'Throttle burst rate', usual: 5_000 },
};

/** API Gateway's quotas, as a new account has them. The local cloud does not enforce them. */
export function createServiceQuotasService(
  scopeOf: (region: string) => object | undefined,
  requestId: () => string,
): WireService {
  const actions = {
    /** https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html */
    GetServiceQuota: jsonAction(
      'servicequotas:GetServiceQuota',
      input,
      () => '*',
      (asked: Input) => answer(asked, (quota) => quota.applied),
    ),
    /** https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetAWSDefaultServiceQuota.html */
    GetAWSDefaultServiceQuota: jsonAction(
      'servicequotas:GetAWSDefaultServiceQuota',
      input,
      () => '*',
      (asked: Input) => answer(asked, (quota) => quota.usual),
    ),
  };
  return createJsonService({ name: 'servicequotas', target: 'ServiceQuotasV20190624.', actions, scopeOf, requestId });
}

function answer({ ServiceCode, QuotaCode }: Input, choose: (quota: Quota) => number | undefined): JsonOutcome {
  const quota = quotas[`${ServiceCode} ${QuotaCode}`];
  const Value = quota && choose(quota);
  if (Value === undefined) {
    const message = `The local cloud has no quota ${QuotaCode} of ${ServiceCode}.`;
    return { error: { type: 'NoSuchResourceException', message } };
  }
  return { output: { Quota: { ServiceCode, QuotaCode, QuotaName: quota?.name, Value } } };
}
