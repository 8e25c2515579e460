import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { FrontDoor, ServedName } from './front-door.ts';

export interface TrackedNameProps {
  /** For example go.example.com. */
  readonly name: string;
  /** The zone in which ACM's proof of ownership is written, or the ARN of a certificate that somebody else proved. */
  readonly certificate: { readonly provedIn: IHostedZone } | { readonly arn: string };
  /** All doors that stand. Records lead to the first one. */
  readonly doors: readonly FrontDoor[];
}

/**
 * A name that every door of the region serves, with its certificate. Both regions prove a shared name by the same CNAME,
 * which ACM derives from account and name. So neither region undoes the other's proof:
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export class TrackedName extends Construct {
  readonly name: string;
  readonly target: ServedName;

  constructor(scope: Construct, id: string, { name, certificate: source, doors }: TrackedNameProps) {
    super(scope, id);
    this.name = name;
    const certificate =
      'arn' in source
        ? Certificate.fromCertificateArn(this, 'Certificate', source.arn)
        : new Certificate(this, 'Certificate', {
            domainName: name,
            validation: CertificateValidation.fromDns(source.provedIn),
          });
    const [target] = doors.map((door) => door.serve(this, name, certificate));
    if (target === undefined) throw new Error('a region has at least one front door');
    this.target = target;
  }
}
