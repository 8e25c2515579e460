import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AliasRecordTargetConfig, IAliasRecordTarget } from 'aws-cdk-lib/aws-route53';
import { type Construct, Dependable, type IConstruct, type IDependable } from 'constructs';

/** What stands in front of `track`. */
export interface FrontDoor {
  /** The door's own address. It is the way in when DNS, a certificate or the hosted zone is broken. */
  readonly url: string;
  /** For people, on the dashboard. */
  readonly title: string;
  /** 5xx and refused connections of a minute, by a short name. */
  readonly failures: Readonly<Record<string, IMetric>>;
  /** Requests of a minute. */
  readonly requests: IMetric;
  /** What stands behind failures and refusals, for the dashboard. */
  readonly causes: readonly IMetric[];
  /**
   * Lets the door answer to a name. `scope` is the name's construct. Each door makes something else in it, so both doors
   * can serve one name with one certificate.
   */
  serve(scope: Construct, name: string, certificate: ICertificate): ServedName;
}

/** Where records of a name lead. They may be made when everything that this depends on is there. */
export type ServedName = IAliasRecordTarget & IDependable;

export function servedName(alias: AliasRecordTargetConfig, ...madeFirst: readonly IConstruct[]): ServedName {
  const served = { bind: () => alias };
  Dependable.implement(served, { dependencyRoots: [...madeFirst] });
  return served;
}
