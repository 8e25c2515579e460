import { type IHostedZone, RecordSet, type RecordSetOptions, RecordTarget, RecordType } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { type ServedName, servedName } from './front-door.ts';

/** How this region's records share a name with the peer's. */
export type SharedRouting = Pick<RecordSetOptions, 'setIdentifier' | 'healthCheck' | 'failover' | 'weight'>;

export interface NameRecordsProps {
  readonly zone: IHostedZone;
  /** For example go.example.com. */
  readonly name: string;
  readonly target: ServedName;
  /** Left out, the name belongs to this region alone. */
  readonly routing?: SharedRouting;
}

/** The records of a name, for IPv4 and IPv6. Alias records have no TTL of their own: clients keep them for 60 s. */
export class NameRecords extends Construct {
  /** Where records of another name in the same zone lead when they lead to these. */
  readonly asTarget: ServedName;

  constructor(scope: Construct, id: string, { zone, name, target, routing }: NameRecordsProps) {
    super(scope, id);
    const recordName = `${name}.`;
    for (const recordType of [RecordType.A, RecordType.AAAA]) {
      const record = new RecordSet(this, recordType, {
        zone,
        recordName,
        recordType,
        target: RecordTarget.fromAlias(target),
        ...routing,
      });
      // A door refuses a name that resolves before the door serves it: API Gateway with 403, a load balancer with the
      // certificate of another name.
      record.node.addDependency(target);
    }
    this.asTarget = servedName(
      { dnsName: recordName, hostedZoneId: zone.hostedZoneId, evaluateTargetHealth: true },
      this,
    );
  }
}
