import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeployConfig } from '../core/config/deploy-config.ts';
import { logBucketOutput, stackName } from '../core/config/resource-names.ts';
import { beginLast } from './begin-last.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Audit } from './constructs/audit.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { DeploymentGuard } from './constructs/deployment-guard.ts';
import { EventLog } from './constructs/event-log.ts';
import { EventQueries } from './constructs/event-queries.ts';
import { FailureQueues } from './constructs/failure-queues.ts';
import { FiguresTable } from './constructs/figures-table.ts';
import { Intake } from './constructs/intake.ts';
import { Ledger } from './constructs/ledger.ts';
import { Notify } from './constructs/notify.ts';
import { Replay } from './constructs/replay.ts';
import { Rollout } from './constructs/rollout.ts';
import { Stats } from './constructs/stats.ts';
import { Store } from './constructs/store.ts';
import { Track } from './constructs/track.ts';
import { TrackingDomain } from './constructs/tracking-domain.ts';
import { regionResources } from './region-resources.ts';

export interface RegionStackProps {
  readonly config: DeployConfig;
  /** The region this stack is for, one of the config's two. */
  readonly home: string;
  /** Absolute path of the catalog snapshot that is built into `track`. */
  readonly catalogFile: string;
}

/** All of Keeptrack in one region. The stack reads nothing of the other region's stack, and waits for nothing there. */
export class RegionStack extends Stack {
  constructor(scope: Construct, { config, home, catalogFile }: RegionStackProps) {
    super(scope, stackName(config, home), {
      env: { account: config.account, region: home },
      description: `Keeptrack ${config.name}: click and conversion tracking, ${home}`,
    });
    new DeploymentGuard(this, 'DeploymentGuard', config);
    const resources = regionResources(config, home);
    const { topic: alarmTopic } = new AlarmTopic(this, 'Alarms', config);
    const plan = { config, resources, alarmTopic };

    const { retentionDays } = config;
    new EventLog(this, 'EventLog', { bucketName: resources.homeBucket.name, retentionDays });
    const intake = new Intake(this, 'Intake', plan);
    const failureQueues = new FailureQueues(this, 'FailureQueues', plan);
    const track = new Track(this, 'Track', { ...plan, catalogFile });
    const domain =
      config.domain &&
      new TrackingDomain(this, 'Domain', { config, resources, domain: config.domain, doors: track.doors });
    const store = new Store(this, 'Store', { ...plan, intake: intake.queue });
    const replay = new Replay(this, 'Replay', plan);
    const audit = new Audit(this, 'Audit', plan);
    new FiguresTable(this, 'Figures', plan);
    const stats = new Stats(this, 'Stats', plan);
    const ledger = new Ledger(this, 'Ledger', plan);
    const notify = new Notify(this, 'Notify', plan);
    new EventQueries(this, 'Queries', plan);
    const functions = {
      track: track.function,
      store: store.function,
      replay: replay.function,
      audit: audit.function,
      stats: stats.function,
      ledger: ledger.function,
      notify: notify.function,
    };
    new Rollout(this, 'Rollout', { ...plan, functions });
    new Dashboard(this, 'Dashboard', {
      ...plan,
      intake,
      failureQueues,
      functions,
      doors: track.doors,
      verdict: domain?.verdict,
    });
    beginLast(this);

    for (const [index, { url }] of track.doors.entries()) {
      new CfnOutput(this, index === 0 ? 'TrackingUrl' : 'SecondTrackingUrl', { value: url });
    }
    new CfnOutput(this, 'Routing', { value: config.regions[0] === home ? 'primary' : 'secondary' });
    new CfnOutput(this, logBucketOutput, { value: resources.homeBucket.name });
  }
}
