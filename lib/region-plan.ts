import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { DeployConfig } from '../core/config/deploy-config.ts';
import type { RegionResources } from './region-resources.ts';

/** What every construct of a region is built from. */
export interface RegionPlan {
  readonly config: DeployConfig;
  readonly resources: RegionResources;
  /** Where the region's alarms go. */
  readonly alarmTopic: ITopic;
}
