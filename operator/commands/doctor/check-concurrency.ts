import { concurrencyPlan, reservedConcurrencySum } from '../../../core/config/concurrency.ts';
import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { limits } from '../../../core/limits/limits.ts';
import type { AwsAnswer } from '../../clients/aws-answer.ts';
import type { Reserved } from './check-reserved.ts';
import { type Finding, unreadable } from './finding.ts';

/** Concurrent executions of Lambda in a region. */
export interface ConcurrencyFacts {
  /** The limit of the account. */
  readonly concurrency: number;
  /** The part of it that no function of the account has reserved. */
  readonly unreserved: number;
  /** Reserved by Keeptrack's functions; nothing before the first deploy. */
  readonly reserved: AwsAnswer<Reserved>;
}

type Told = Pick<DeployConfig, 'concurrency'>;

const askForMore = 'ask for more in Service Quotas (Lambda, concurrent executions), in both regions';

/** Whether one region alone has enough for the whole load and a backlog (docs/deploy.md, Capacity). */
export function judgeConcurrency(
  region: string,
  config: Told,
  facts: ConcurrencyFacts,
  clicksPerSecond: number,
): readonly Finding[] {
  const account = judgeAccount(region, config, facts.concurrency);
  if (facts.reserved.kind === 'failed') {
    return [...account, unreadable(region, 'reserved concurrency of the functions', facts.reserved.reason)];
  }
  const own = [...facts.reserved.value.values()].reduce<number>((sum, share = 0) => sum + share, 0);
  const free = facts.unreserved + own;
  return [...account, ...judgeReservable(region, config, free), ...judgeLoad(region, config, free, clicksPerSecond)];
}

/** Synthesis relies on the number in the config. */
function judgeAccount(region: string, { concurrency: { account } }: Told, found: number): readonly Finding[] {
  if (found >= account) return [];
  return [
    {
      region,
      what: 'concurrency of Lambda in the account',
      expected: `${account}, as concurrency.account says`,
      found: String(found),
      todo: `${askForMore}, or say in the config what the account has`,
    },
  ];
}

/** Lambda keeps 100 unreserved. A deploy that would reserve more fails. */
function judgeReservable(region: string, config: Told, free: number): readonly Finding[] {
  const reserved = Object.values(concurrencyPlan(config).reserved);
  const needed = reserved.reduce((sum, share) => sum + share, limits.lambda.unreservedMin);
  if (reserved.length === 0 || free >= needed) return [];
  return [
    {
      region,
      what: 'concurrency of Lambda that our functions can reserve a part of',
      expected: `${needed}, of which ${limits.lambda.unreservedMin} stay unreserved`,
      found: String(free),
      todo: `${askForMore}, or take reservations from the account's other functions`,
    },
  ];
}

function judgeLoad(region: string, config: Told, free: number, clicksPerSecond: number): readonly Finding[] {
  const what = `concurrency of Lambda for ${clicksPerSecond} clicks a second`;
  const { track } = concurrencyPlan(config).reserved;
  const forClicks = concurrencyForClicks(clicksPerSecond);
  if (track !== undefined && track < forClicks) {
    const todo = 'raise concurrency.track in the config, and deploy both regions';
    return [{ region, what, expected: `${forClicks} reserved for track`, found: String(track), todo }];
  }
  const needed = concurrencyNeeded(clicksPerSecond);
  if (free >= needed) return [];
  return [{ region, what, expected: `${needed} free for Keeptrack`, found: String(free), todo: askForMore }];
}

/** For all functions, in the worst minute. */
export function concurrencyNeeded(clicksPerSecond: number): number {
  return concurrencyForClicks(clicksPerSecond) + reservedConcurrencySum;
}

function concurrencyForClicks(clicksPerSecond: number): number {
  return Math.ceil((clicksPerSecond * limits.doctor.worstClickMs) / 1_000);
}
