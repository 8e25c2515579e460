import { z } from 'zod';
import { jsonAction } from '../json-service.ts';
import { type CertificateScope, certificatesOf } from './certificate-scope.ts';

/** One page holds all: https://docs.aws.amazon.com/acm/latest/APIReference/API_ListCertificates.html */
const input = z.strictObject({ MaxItems: z.int().min(1).max(1_000).optional() });

export const listCertificates = jsonAction(
  'acm:ListCertificates',
  input,
  () => '*',
  (_input, scope: CertificateScope) => ({
    output: {
      CertificateSummaryList: certificatesOf(scope).map(({ arn, domainName, expiresAtMs }) => ({
        CertificateArn: arn,
        DomainName: domainName,
        Status: 'ISSUED',
        Type: 'AMAZON_ISSUED',
        NotAfter: expiresAtMs / 1_000,
      })),
    },
  }),
);
