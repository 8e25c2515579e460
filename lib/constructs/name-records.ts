import { type IHostedZone, RecordSet, type RecordSetOptions, RecordTarget, RecordType } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { CustomName } from './custom-name.ts';

/** How this region's records share a name with the peer's. */
export type SharedRouting = Pick<RecordSetOptions, 'setIdentifier' | 'healthCheck' | 'failover' | 'weight'>;

export interface NameRecordsProps {
  readonly zone: IHostedZone;
  readonly name: CustomName;
  /** Left out, the name belongs to this region alone. */
  readonly routing?: SharedRouting;
}

/** The records of a name, for IPv4 and IPv6. Alias records have no TTL of their own: clients keep them for 60 s. */
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
      // API Gateway answers 403 to a name that resolves before it is mapped to the API.
      record.node.addDependency(name);
    }
  }
}
