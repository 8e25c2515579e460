import {
  ACMClient,
  type CertificateDetail,
  DescribeCertificateCommand,
  ListCertificatesCommand,
} from '@aws-sdk/client-acm';
import type { DeployConfig } from '../../../core/config/deploy-config.ts';
import { regionalName } from '../../../core/config/resource-names.ts';
import { limits } from '../../../core/limits/limits.ts';
import { type AwsAnswer, awsAnswer } from '../../clients/aws-answer.ts';
import { type Finding, unreadable } from './finding.ts';
import type { AccountCheck, AccountSubject, RegionCheck } from './region-check.ts';

/**
 * Each name that the region answers under has a certificate that is issued and does not expire soon. All doors of a
 * region serve a name with the same certificate.
 */
export const checkCertificates: RegionCheck = async (subject) => {
  const { expected, region } = subject;
  const listed = await certificatesFor(subject, expected.certificates);
  if (listed.kind === 'failed') return [unreadable(region, 'certificates', listed.reason)];
  return expected.certificates.flatMap((name) =>
    judgeCertificate(region, name, ofName(name, listed.value), subject.shell.clock.nowMs()),
  );
};

/**
 * Before a deploy only what is there already: one that waits for its validation holds up the stack that made it, and the
 * next one too.
 */
export const checkEarlierCertificates: AccountCheck = async (subject) => {
  const { deployment, region } = subject;
  const names = namesOfRegion(deployment.config, region);
  const listed = await certificatesFor(subject, names);
  if (listed.kind === 'failed') return [unreadable(region, 'certificates', listed.reason)];
  return names.flatMap((name) => {
    const found = ofName(name, listed.value);
    return found.length === 0 ? [] : judgeCertificate(region, name, found, subject.shell.clock.nowMs());
  });
};

/** The names of a region whose certificates its stack makes. */
export function namesOfRegion({ domain, trackingNames = [] }: DeployConfig, region: string): readonly string[] {
  if (domain === undefined) return [];
  const further = trackingNames.flatMap((one) => ('zoneId' in one ? [one.name] : []));
  return [domain.record, regionalName(domain.record, region), ...further];
}

async function certificatesFor(
  { deployment, region }: AccountSubject,
  names: readonly string[],
): Promise<AwsAnswer<readonly CertificateDetail[]>> {
  if (names.length === 0) return { kind: 'ok', value: [] };
  const client = new ACMClient(deployment.clientOptions(region));
  const answer = await awsAnswer(async () => {
    const { CertificateSummaryList = [] } = await client.send(
      new ListCertificatesCommand({ MaxItems: limits.doctor.certificatesMax }),
    );
    const ours = CertificateSummaryList.filter(({ DomainName = '' }) => names.includes(DomainName));
    const described = ours.map(({ CertificateArn }) => client.send(new DescribeCertificateCommand({ CertificateArn })));
    return (await Promise.all(described)).flatMap(({ Certificate }) => Certificate ?? []);
  });
  client.destroy();
  return answer;
}

function ofName(name: string, found: readonly CertificateDetail[]): readonly CertificateDetail[] {
  return found.filter(({ DomainName }) => DomainName === name);
}

type Certificate = Pick<CertificateDetail, 'Status' | 'NotAfter' | 'DomainName' | 'SubjectAlternativeNames'>;

const seeWhy = 'see in Certificate Manager why, and check that the validation record is in the hosted zone';

/** After a change of names one name may have several certificates. One good certificate is enough. */
export function judgeCertificate(
  region: string,
  name: string,
  found: readonly Pick<Certificate, 'Status' | 'NotAfter'>[],
  nowMs: number,
): readonly Finding[] {
  const what = `certificate of ${name}`;
  const issued = found.filter(({ Status }) => Status === 'ISSUED');
  if (issued.length === 0) {
    const statuses = found.map(({ Status = 'no status' }) => Status).join(', ');
    return [{ region, what, expected: 'ISSUED', found: statuses || 'none', todo: seeWhy }];
  }
  const todo = 'it should have been renewed by now: check that the validation record is still in the hosted zone';
  return expiring(region, what, issued, nowMs, todo);
}

function expiring(
  region: string,
  what: string,
  issued: readonly Pick<Certificate, 'NotAfter'>[],
  nowMs: number,
  todo: string,
): readonly Finding[] {
  const daysLeft = Math.max(...issued.map(({ NotAfter }) => ((NotAfter?.getTime() ?? 0) - nowMs) / 86_400_000));
  if (daysLeft >= limits.doctor.certificateDaysMin) return [];
  const expected = `at least ${limits.doctor.certificateDaysMin} days before it expires`;
  return [{ region, what, expected, found: `${Math.floor(daysLeft)} days`, todo }];
}

/** Certificates that the config names by ARN, for names whose DNS is somebody else's. */
export const checkGivenCertificates: AccountCheck = async ({ deployment, region, shell }) => {
  const { trackingNames = [] } = deployment.config;
  const given = trackingNames.flatMap((one) => ('certificates' in one ? [one] : []));
  if (given.length === 0) return [];
  const client = new ACMClient(deployment.clientOptions(region));
  const found = await Promise.all(
    given.map(async ({ name, certificates }) => {
      const command = new DescribeCertificateCommand({ CertificateArn: certificates[region] });
      const answer = await awsAnswer(async () => (await client.send(command)).Certificate);
      return judgeGivenCertificate(region, name, answer, shell.clock.nowMs());
    }),
  );
  client.destroy();
  return found.flat();
};

function judgeGivenCertificate(
  region: string,
  name: string,
  answer: AwsAnswer<Certificate | undefined>,
  nowMs: number,
): readonly Finding[] {
  const what = `certificate of ${name}`;
  const finding = (expected: string, found: string, todo: string) => [{ region, what, expected, found, todo }];
  if (answer.kind === 'failed' && answer.code !== 'ResourceNotFoundException') {
    return [unreadable(region, what, answer.reason)];
  }
  if (answer.kind === 'failed' || answer.value === undefined) {
    return finding('the one that trackingNames names', 'none', 'correct the ARN: a certificate belongs to one region');
  }
  const { Status = 'no status', DomainName = '', SubjectAlternativeNames = [] } = answer.value;
  const owner = "ask the name's owner to keep the validation record, or import a newer certificate";
  if (Status !== 'ISSUED') return finding('ISSUED', Status, owner);
  const covered = [...new Set([DomainName, ...SubjectAlternativeNames])];
  if (!covered.some((pattern) => covers(pattern, name))) {
    return finding('one that covers the name', covered.join(', '), 'name another certificate in trackingNames');
  }
  return expiring(region, what, [answer.value], nowMs, owner);
}

/** A wildcard stands for one label: https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html */
function covers(pattern: string, name: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === name;
  return name.slice(name.indexOf('.') + 1) === pattern.slice(2);
}
