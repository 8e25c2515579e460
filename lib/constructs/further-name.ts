import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { DeployConfig } from '../../core/config/deploy-config.ts';
import { regionalName } from '../../core/config/resource-names.ts';
import type { TrackingName } from '../../core/config/tracking-names.ts';
import type { FrontDoor, ServedName } from './front-door.ts';
import { NameRecords, type SharedRouting } from './name-records.ts';
import { TrackedName } from './tracked-name.ts';

export interface FurtherNameProps {
  readonly tracked: TrackingName;
  readonly config: DeployConfig;
  readonly home: string;
  readonly doors: readonly FrontDoor[];
  /** As for the main name, with the same verdict. */
  readonly routing: SharedRouting;
}

/**
 * A tracking name beside the main one. In a zone of the account it has records like the main name. A name whose DNS is
 * somebody else's gets none: its owner lets it lead to the main name.
 */
export class FurtherName extends Construct {
  constructor(scope: Construct, id: string, { tracked, config, home, doors, routing }: FurtherNameProps) {
    super(scope, id);
    const { name } = tracked;
    if ('certificates' in tracked) {
      const arn = tracked.certificates[home];
      if (arn === undefined) throw new Error(`${name} has no certificate in ${home}`);
      new TrackedName(this, 'Name', { name, certificate: { arn }, doors });
      return;
    }
    const { zoneName, zoneId } = tracked;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId: zoneId });
    const { target } = new TrackedName(this, 'Name', { name, certificate: { provedIn: zone }, doors });
    // An alias can lead to a name of its own zone only. So each name has a name of the region beside it.
    const throughOwnName = (): ServedName =>
      new NameRecords(this, 'OwnRecords', { zone, name: regionalName(name, home), target }).asTarget;
    const leadsTo = config.frontDoor === 'alb' ? throughOwnName() : target;
    new NameRecords(this, 'Records', { zone, name, target: leadsTo, routing });
  }
}
