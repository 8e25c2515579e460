import { type IHostedZone, RecordSet, type RecordSetOptions, RecordTarget, RecordType } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { CustomName } from './custom-name.ts';

/** How a name is shared with the peer's records. */
export type SharedRouting = Pick<RecordSetOptions, 'setIdentifier' | 'healthCheck' | 'failover' | 'weight'>;

export interface NameRecordsProps {
  readonly zone: IHostedZone;
  readonly name: CustomName;
  /** Left out, the name is this region's alone. */
  readonly routing?: SharedRouting;
}

/** What a name resolves to, for IPv4 and IPv6. Alias records have no TTL of their own: clients keep them for 60 s. */
export class NameRecords extends Construct {
  constructor(scope: Construct, id: string, { zone, name, routing }: NameRecordsProps) {
    super(scope, id);
    for (const recordType of [RecordType.A, RecordType.AAAA]) {
      const record = new RecordSet(this, recordType, {
        zone,
        recordName: `${name.name}.`,
        recordType,
        target: RecordTarget.fromAlias(name),
        ...routing,
      });
      // A name that resolves before it is mapped to the API would be answered 403.
      record.node.addDependency(name);
    }
  }
}
