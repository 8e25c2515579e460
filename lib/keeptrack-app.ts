import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import type { DeployConfig } from '../core/config/deploy-config.ts';
import { RegionStack } from './region-stack.ts';

/**
 * Both regions' stacks. `catalogSnapshot` is the text of the snapshot in the bundle of `track`. `props` are for tests:
 * no CDK CLI tells them where the output goes and which feature flags hold.
 */
export function keeptrackApp(config: DeployConfig, catalogSnapshot: string, props?: AppProps): App {
  const app = new App(props);
  const catalogFile = join(app.outdir, 'catalog.json');
  writeFileSync(catalogFile, catalogSnapshot);
  for (const home of config.regions) new RegionStack(app, { config, home, catalogFile });
  return app;
}
