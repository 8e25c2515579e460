import { readSettings } from '../../../core/config/settings.ts';
import { signedTopic } from '../../aws/signed-topic.ts';
import type { NotifyPorts } from '../notify-run.ts';
import { createAlertTask } from './alert-task.ts';

/** The alerts of an environment of `notify`. Throws one error that names every variable that is missing. */
export function openAlertTask(ports: NotifyPorts, environment: NodeJS.ProcessEnv): ReturnType<typeof createAlertTask> {
  const names = ['region', 'alarmTopicArn', 'timeZone', 'metricNamespace'] as const;
  const { region, alarmTopicArn, timeZone, metricNamespace } = readSettings(environment, names);
  const topic = signedTopic(region, alarmTopicArn, { environment, clock: ports.clock });
  // The namespace is `Keeptrack/` and the deployment's name.
  const deployment = metricNamespace.slice(metricNamespace.indexOf('/') + 1);
  return createAlertTask({ ...ports, topic, timeZone, deployment });
}
