import { createHash } from 'node:crypto';

/**
 * The certificates of one region. Each is issued when the local cloud starts, for 13 months, as AWS issues public ones.
 * Not modelled: validation by DNS, and renewal.
 * https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
 */
export interface CertificateScope {
  readonly region: string;
  readonly account: string;
  readonly domainNames: readonly string[];
  readonly issuedAtMs: number;
}

const lifetimeMs = 395 * 86_400_000;

export interface Certificate {
  readonly arn: string;
  readonly domainName: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

export function certificatesOf({ region, account, domainNames, issuedAtMs }: CertificateScope): readonly Certificate[] {
  return domainNames.map((domainName) => {
    const id = createHash('sha256').update(domainName).digest('hex');
    const arn = `arn:aws:acm:${region}:${account}:certificate/${id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')}`;
    return { arn, domainName, issuedAtMs, expiresAtMs: issuedAtMs + lifetimeMs };
  });
}
