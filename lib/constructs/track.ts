import { Construct } from 'constructs';
import { limits } from '../../core/limits.ts';
import { functionName } from '../../core/resource-names.ts';
import { environmentOf } from '../environment.ts';
import { acknowledgePrefixes, catalogObjects, logObjects, trackGrants } from '../grants.ts';
import type { RegionPlan } from '../region-plan.ts';
import { BundledFunction } from './bundled-function.ts';
import { TrackingApi } from './tracking-api.ts';

export interface TrackProps extends RegionPlan {
  /** Absolute path of the catalog snapshot that is built into the bundle. */
  readonly catalogFile: string;
}

/** `track` and the API in front of it. */
export class Track extends Construct {
  readonly function: BundledFunction;
  readonly api: TrackingApi;

  constructor(scope: Construct, id: string, { config, places, catalogFile }: TrackProps) {
    super(scope, id);
    this.function = new BundledFunction(this, 'Function', {
      part: 'track',
      functionName: functionName(config, 'track'),
      environment: environmentOf('track', config, places),
      grants: trackGrants(places),
      memoryMegabytes: limits.track.memoryMegabytes,
      timeoutSeconds: limits.track.timeoutSeconds,
      catalogFile,
    });
    acknowledgePrefixes(this.function, [...logObjects(places), ...catalogObjects(places)]);
    this.api = new TrackingApi(this, 'Http', {
      apiName: functionName(config, 'track'),
      handler: this.function.handler,
    });
  }
}
