import { ACMClient, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import quotaFile from '../../../bench/quotas.json' with { type: 'json' };
import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { liveDoors } from '../../../core/config/front-doors.ts';
import { limits } from '../../../core/limits/limits.ts';
import { awsAnswer } from '../../clients/aws-answer.ts';
import { type QuotaName, serviceQuota } from '../../clients/service-quota.ts';
import { namesOfRegion } from './check-certificates.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck, AccountSubject } from './region-check.ts';

/**
 * A quota of `bench -- capacity` is read by a check of its own (`check`), here (`read`, with what a click a second needs),
 * or by nobody (`unread` says why).
 */
interface LoadQuota {
  readonly name: string;
  readonly says: string;
  readonly check?: string | undefined;
  readonly unread?: string | undefined;
  readonly read?: QuotaName | undefined;
  readonly perClick?: number | undefined;
}

export const loadQuotas: readonly LoadQuota[] = quotaFile.limits;

interface Needed {
  readonly says: string;
  readonly read: QuotaName;
  readonly needed: (subject: AccountSubject) => Promise<number> | number;
}

/** Quotas that the load needs, and those that a first deploy needs. */
export const checkQuotas: AccountCheck = async (subject) => {
  const { deployment, region } = subject;
  const client = new ServiceQuotasClient(deployment.clientOptions(region));
  const found = await Promise.all(
    neededBy(subject).map(async ({ says, read, needed }) => {
      const what = `quota of AWS: ${says}`;
      const answer = await awsAnswer(async () => ({
        value: await serviceQuota(client, read),
        needed: await needed(subject),
      }));
      if (answer.kind === 'failed') return [unreadable(region, what, answer.reason)];
      return judgeQuotaValue(region, what, answer.value);
    }),
  );
  client.destroy();
  return found.flat();
};

function neededBy({ deployment: { config } }: AccountSubject): readonly Needed[] {
  const ofLoad = loadQuotas.flatMap(({ says, read, perClick = 0 }): readonly Needed[] =>
    read ? [{ says, read, needed: ({ clicksPerSecond }) => Math.ceil(clicksPerSecond * perClick) }] : [],
  );
  const ofDeploy = deployQuotas(config).map(({ name, says, read }) => ({ says, read, needed: neededOf[name] }));
  return [...ofLoad, ...ofDeploy];
}

const neededOf: Readonly<Record<DeployQuota, Needed['needed']>> = {
  certificates: certificatesNeeded,
  'load-balancers': () => 1,
  networks: () => 1,
  'reserved-capacity': ({ deployment: { config } }) => config.loadBalancer?.reservedCapacityUnits ?? 0,
};

type DeployQuota = 'certificates' | 'load-balancers' | 'networks' | 'reserved-capacity';

/** Those that this config needs. */
function deployQuotas(config: DeployConfig) {
  const names: readonly DeployQuota[] = [
    ...(config.domain ? (['certificates'] as const) : []),
    ...(liveDoors(config).includes('alb') ? (['load-balancers', 'networks', 'reserved-capacity'] as const) : []),
  ];
  return names.map((name) => {
    const found = quotaFile.ofDeploys.find((quota) => quota.name === name);
    if (!found) throw new Error(`bench/quotas.json has no ${name}`);
    return { ...found, name };
  });
}

function judgeQuotaValue(
  region: string,
  what: string,
  { value, needed }: { readonly value: number; readonly needed: number },
): readonly Finding[] {
  if (value >= needed) return [];
  return [
    { region, what, expected: `at least ${needed}`, found: String(value), todo: 'ask for more in Service Quotas' },
  ];
}

/** Those that the account has, and ours that are not there yet. */
async function certificatesNeeded({ deployment, region }: AccountSubject): Promise<number> {
  const client = new ACMClient(deployment.clientOptions(region));
  try {
    const { CertificateSummaryList = [] } = await client.send(
      new ListCertificatesCommand({ MaxItems: limits.doctor.certificatesMax }),
    );
    const there = new Set(CertificateSummaryList.map(({ DomainName }) => DomainName));
    return (
      CertificateSummaryList.length + namesOfRegion(deployment.config, region).filter((name) => !there.has(name)).length
    );
  } finally {
    client.destroy();
  }
}

/** One line for each thing that nobody can read, so that nobody takes silence for an answer. */
export function unreadLines({ deployment: { config } }: Pick<AccountSubject, 'deployment'>): readonly string[] {
  const all: readonly Pick<LoadQuota, 'says' | 'unread'>[] = [...loadQuotas, ...deployQuotas(config)];
  return all.flatMap(({ says, unread }) => (unread === undefined ? [] : [`not read: ${says}: ${unread}`]));
}
