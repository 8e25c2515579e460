import type { CertificateScope } from './acm/certificate-scope.ts';
import { describeCertificate } from './acm/describe-certificate.ts';
import { listCertificates } from './acm/list-certificates.ts';
import { createJsonService } from './json-service.ts';
import type { WireService } from './wire-service.ts';

/** Certificate Manager: answers about the certificates of each region's domain names. */
export function createAcmService(
  scopeOf: (region: string) => CertificateScope | undefined,
  requestId: () => string,
): WireService {
  const actions = { ListCertificates: listCertificates, DescribeCertificate: describeCertificate };
  return createJsonService({ name: 'acm', target: 'CertificateManager.', actions, scopeOf, requestId });
}
