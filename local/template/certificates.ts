import type { Stack } from './stack.ts';
import { certificateType } from './traffic-types.ts';

/**
 * The name that a certificate of the template is for. Undefined for a certificate that was made outside of the template,
 * whose name nobody can read here. Refuses one that the stack's region and account cannot have.
 */
export function certificateName(stack: Stack, logicalId: string, certificateArn: string): string | undefined {
  const certificate = stack.all(certificateType).find((one) => stack.ref(one.logicalId) === certificateArn);
  const { region, account } = stack.place;
  if (certificate === undefined && !certificateArn.startsWith(`arn:aws:acm:${region}:${account}:certificate/`)) {
    stack.refuse(logicalId, `CertificateArn: ${certificateArn} is no certificate of ${account} in ${region}`);
  }
  return certificate?.properties.DomainName;
}
