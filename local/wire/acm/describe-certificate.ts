import { z } from 'zod';
import { jsonAction } from '../json-service.ts';
import { type CertificateScope, certificatesOf } from './certificate-scope.ts';

/** https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html */
const input = z.strictObject({ CertificateArn: z.string().min(20).max(2_048) });
type Input = z.output<typeof input>;

export const describeCertificate = jsonAction(
  'acm:DescribeCertificate',
  input,
  ({ CertificateArn }: Input) => CertificateArn,
  ({ CertificateArn }, scope: CertificateScope) => {
    const found = certificatesOf(scope).find(({ arn }) => arn === CertificateArn);
    if (!found) {
      const message = `Could not find certificate ${CertificateArn}.`;
      return { error: { type: 'ResourceNotFoundException', message } };
    }
    return {
      output: {
        Certificate: {
          CertificateArn,
          DomainName: found.domainName,
          Status: 'ISSUED',
          Type: 'AMAZON_ISSUED',
          NotBefore: found.issuedAtMs / 1_000,
          NotAfter: found.expiresAtMs / 1_000,
          RenewalEligibility: 'ELIGIBLE',
        },
      },
    };
  },
);
