import { z } from 'zod';
import { resourceType } from './resource-type.ts';

/**
 * Versions, aliases, and CodeDeploy, which moves an alias from one version to the next. The local cloud deploys
 * everything at once. Each function has one version, and its aliases lead to that version.
 */

const versionType = resourceType('AWS::Lambda::Version', { FunctionName: z.string() });

export const aliasType = resourceType('AWS::Lambda::Alias', {
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string(),
});

const forLaterDeployments = 'a local run never replaces a version';

const applicationType = resourceType('AWS::CodeDeploy::Application', {
  ApplicationName: z.string(),
  ComputePlatform: z.literal('Lambda'),
});

const deploymentConfigType = resourceType(
  'AWS::CodeDeploy::DeploymentConfig',
  { ComputePlatform: z.literal('Lambda') },
  { TrafficRoutingConfig: forLaterDeployments },
);

const deploymentGroupType = resourceType(
  'AWS::CodeDeploy::DeploymentGroup',
  { ApplicationName: z.string(), DeploymentGroupName: z.string(), ServiceRoleArn: z.string() },
  {
    AlarmConfiguration: forLaterDeployments,
    AutoRollbackConfiguration: forLaterDeployments,
    DeploymentConfigName: forLaterDeployments,
    DeploymentStyle: forLaterDeployments,
  },
);

export const deployTypes = [
  versionType,
  aliasType,
  applicationType,
  deploymentConfigType,
  deploymentGroupType,
] as const;
