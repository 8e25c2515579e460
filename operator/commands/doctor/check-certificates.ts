import {
  ACMClient,
  type CertificateDetail,
  DescribeCertificateCommand,
  ListCertificatesCommand,
} from '@aws-sdk/client-acm';
import { limits } from '../../../core/limits/limits.ts';
import { awsAnswer } from '../../clients/aws-answer.ts';
import { type Finding, unreadable } from './finding.ts';
import type { RegionCheck } from './region-check.ts';

/** Each name that the region answers under has a certificate that is issued and does not expire soon. */
export const checkCertificates: RegionCheck = async ({ deployment, region, expected, shell }) => {
  if (expected.certificates.length === 0) return [];
  const client = new ACMClient(deployment.clientOptions(region));
  const listed = await awsAnswer(() => certificatesFor(client, expected.certificates));
  client.destroy();
  if (listed.kind === 'failed') return [unreadable(region, 'certificates', listed.reason)];
  const nowMs = shell.clock.nowMs();
  return expected.certificates.flatMap((name) =>
    judgeCertificate(
      region,
      name,
      listed.value.filter(({ DomainName }) => DomainName === name),
      nowMs,
    ),
  );
};

async function certificatesFor(client: ACMClient, names: readonly string[]): Promise<CertificateDetail[]> {
  const { CertificateSummaryList = [] } = await client.send(
    new ListCertificatesCommand({ MaxItems: limits.doctor.certificatesMax }),
  );
  const ours = CertificateSummaryList.filter(({ DomainName = '' }) => names.includes(DomainName));
  const described = ours.map(({ CertificateArn }) => client.send(new DescribeCertificateCommand({ CertificateArn })));
  return (await Promise.all(described)).flatMap(({ Certificate }) => Certificate ?? []);
}

/** After a change of names one name may have several certificates. One good certificate is enough. */
export function judgeCertificate(
  region: string,
  name: string,
  found: readonly Pick<CertificateDetail, 'Status' | 'NotAfter'>[],
  nowMs: number,
): readonly Finding[] {
  const what = `certificate of ${name}`;
  const issued = found.filter(({ Status }) => Status === 'ISSUED');
  if (issued.length === 0) {
    const statuses = found.map(({ Status = 'no status' }) => Status).join(', ');
    const todo = 'see in Certificate Manager why, and check that the validation record is in the hosted zone';
    return [{ region, what, expected: 'ISSUED', found: statuses || 'none', todo }];
  }
  const daysLeft = Math.max(...issued.map(({ NotAfter }) => ((NotAfter?.getTime() ?? 0) - nowMs) / 86_400_000));
  if (daysLeft >= limits.doctor.certificateDaysMin) return [];
  const expected = `at least ${limits.doctor.certificateDaysMin} days before it expires`;
  const todo = 'it should have been renewed by now: check that the validation record is still in the hosted zone';
  return [{ region, what, expected, found: `${Math.floor(daysLeft)} days`, todo }];
}
