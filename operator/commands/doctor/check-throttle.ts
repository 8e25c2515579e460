import { ApiGatewayV2Client, GetApisCommand, GetStageCommand } from '@aws-sdk/client-apigatewayv2';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { concurrencyPlan } from '../../../core/config/concurrency.ts';
import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { liveDoors } from '../../../core/config/front-doors.ts';
import { functionName } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import type { Deployment } from '../../clients/deployment.ts';
import { serviceQuota } from '../../clients/service-quota.ts';
import { deployAgain, type Finding, mismatch, unreadable } from './finding.ts';
import type { AccountCheck } from './region-check.ts';

/**
 * How many requests the front doors let in: the throttle of Keeptrack's stage, the account's quota for all of its APIs in
 * the region, and what `track` may start behind a load balancer. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */

export interface Throttle {
  readonly requestsPerSecond: number;
  readonly burst: number;
}

/** Undefined: not set on the stage, so that only the account's quota applies. */
type StageThrottle = { readonly [name in keyof Throttle]: number | undefined };

/** Compares the throttle in the config with the load and the account's quota. Needs no deployment. */
export const checkRequestQuota: AccountCheck = async ({ deployment, region, clicksPerSecond }) => {
  if (!liveDoors(deployment.config).includes('http-api')) return [];
  const quota = await readQuota(deployment, region);
  if (quota.kind === 'failed') return [unreadable(region, 'request quotas of API Gateway', quota.reason)];
  return judgeQuota(region, deployment.config, quota.value, clicksPerSecond);
};

/**
 * A load balancer lets everything in. The concurrency of `track` bounds what Lambda starts:
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export const checkStarts: AccountCheck = async ({ deployment: { config }, region, clicksPerSecond }) =>
  judgeStarts(region, config, clicksPerSecond);

export function judgeStarts(
  region: string,
  config: Pick<DeployConfig, 'concurrency' | 'frontDoor' | 'secondFrontDoor'>,
  clicksPerSecond: number,
): readonly Finding[] {
  if (!liveDoors(config).includes('alb')) return [];
  const started = concurrencyPlan(config).floor * limits.lambda.requestsPerSecondEach;
  if (started >= clicksPerSecond) return [];
  const what = `requests a second that track may start behind the load balancer, for ${clicksPerSecond} clicks a second`;
  const todo = 'raise concurrency.track in the config, and deploy both regions';
  return [{ region, what, expected: `at least ${clicksPerSecond}`, found: String(started), todo }];
}

/** Compares the throttle of the deployed stage with the config. */
export const checkStage: AccountCheck = async ({ deployment, region }) => {
  if (!liveDoors(deployment.config).includes('http-api')) return [];
  const stage = await readStage(deployment, region);
  if (stage.kind === 'failed') return [unreadable(region, 'throttle of the API', stage.reason)];
  return judgeStage(region, deployment.config, stage.value);
};

export function judgeQuota(
  region: string,
  { throttle }: Pick<DeployConfig, 'throttle'>,
  quota: Throttle,
  clicksPerSecond: number,
): readonly Finding[] {
  const per = `for ${clicksPerSecond} clicks a second`;
  const wanted = Math.max(clicksPerSecond, throttle.requestsPerSecond);
  const atLeast = (what: string, least: number, found: number, todo: string): readonly Finding[] =>
    found >= least ? [] : [{ region, what, expected: `at least ${least}`, found: String(found), todo }];
  return [
    ...atLeast(
      `requests a second that the API lets in, ${per}`,
      clicksPerSecond,
      throttle.requestsPerSecond,
      'raise throttle.requestsPerSecond in the config, and deploy both regions',
    ),
    ...atLeast(
      `requests a second that API Gateway lets into the account, ${per}`,
      wanted,
      quota.requestsPerSecond,
      'ask for more in Service Quotas (API Gateway, throttle rate), in both regions',
    ),
    ...atLeast(
      'requests at once that API Gateway lets into the account',
      throttle.burst,
      quota.burst,
      'lower throttle.burst in the config: AWS sets this quota by the throttle rate',
    ),
  ];
}

export function judgeStage(
  region: string,
  { throttle }: Pick<DeployConfig, 'throttle'>,
  found: StageThrottle,
): readonly Finding[] {
  const about = (what: string, wanted: number, is: number | undefined) =>
    mismatch({
      region,
      what: `throttle of the API: ${what}`,
      expected: String(wanted),
      found: String(is ?? 'none'),
      todo: deployAgain,
    });
  return [
    ...about('requests a second', throttle.requestsPerSecond, found.requestsPerSecond),
    ...about('burst', throttle.burst, found.burst),
  ];
}

/** https://docs.aws.amazon.com/general/latest/gr/apigateway.html */
const serviceCode = 'apigateway';
const quotaCodes = { requestsPerSecond: 'L-8A5B8E43', burst: 'L-CDF5615A' } as const;

async function readQuota({ clientOptions }: Deployment, region: string): Promise<AwsAnswer<Throttle>> {
  const client = new ServiceQuotasClient(clientOptions(region));
  const answer = await awsAnswer(async () => {
    const [requestsPerSecond, burst] = await Promise.all([
      serviceQuota(client, { serviceCode, quotaCode: quotaCodes.requestsPerSecond }),
      serviceQuota(client, { serviceCode, quotaCode: quotaCodes.burst }),
    ]);
    return { requestsPerSecond, burst };
  });
  client.destroy();
  return answer;
}

async function readStage({ config, clientOptions }: Deployment, region: string): Promise<AwsAnswer<StageThrottle>> {
  const client = new ApiGatewayV2Client(clientOptions(region));
  const answer = await awsAnswer(async () => {
    const ApiId = await apiIdOf(client, functionName(config, 'track'));
    const { DefaultRouteSettings: found } = await client.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    return { requestsPerSecond: found?.ThrottlingRateLimit, burst: found?.ThrottlingBurstLimit };
  });
  client.destroy();
  return answer;
}

/** Throws an error with a code when there is no such API. */
async function apiIdOf(client: ApiGatewayV2Client, name: string): Promise<string> {
  let NextToken: string | undefined;
  for (let page = 0; page < limits.doctor.apiPagesMax; page += 1) {
    const { Items = [], NextToken: next } = await client.send(new GetApisCommand({ NextToken }));
    const found = Items.find(({ Name }) => Name === name)?.ApiId;
    if (found !== undefined) return found;
    if (next === undefined) break;
    NextToken = next;
  }
  throw Object.assign(new Error(`no API ${name}`), { code: `no API ${name}` });
}
