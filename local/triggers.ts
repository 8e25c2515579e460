import { type BucketEventWorld, startBucketEvents } from './bucket-events.ts';
import type { ActiveFault } from './fault/fault.ts';
import type { FaultBoard, Target } from './fault/fault-board.ts';
import type { LambdaHost } from './lambda-host/lambda-host.ts';
import { Mapping } from './model/mapping.ts';
import { Schedule, type ScheduleTrouble } from './model/schedule.ts';
import type { ModelTime } from './model/time.ts';
import type { MappingTemplate, ScheduleTemplate } from './template/region-template.ts';

/** `countCall` counts each call of a poller or a bucket. Its caller is the name of the poller's function, or `s3`. */
export interface TriggerWorld extends BucketEventWorld {
  readonly host: LambdaHost;
  /** The machine's clock, for looking at faults. Schedules and batch windows use `fastTime`. */
  readonly time: ModelTime;
}

export interface Triggers {
  stop(): Promise<void>;
}

/** How often pollers, schedules and buckets ask which faults are active. */
const lookIntervalMs = 100;

/** The events that start by themselves in one region: event source mappings, schedules and the events of buckets. */
export function startTriggers(world: TriggerWorld): Triggers {
  const mappings = world.template.mappings.map((template) => startMapping(template, world));
  const schedules = world.template.schedules.map((template) => startSchedule(template, world));
  const buckets = startBucketEvents(world);
  for (const { notifications } of buckets) notifications.announce();

  let cancelLook = look();
  function look(): () => void {
    for (const { obey } of [...mappings, ...schedules, ...buckets]) obey();
    return world.time.after(lookIntervalMs, () => {
      cancelLook = look();
    });
  }

  return {
    async stop() {
      cancelLook();
      for (const { schedule } of schedules) schedule.stop();
      for (const { notifications } of buckets) notifications.stop();
      await Promise.all(mappings.map(({ mapping }) => mapping.stop()));
    },
  };
}

function startMapping(template: MappingTemplate, { queues, host, faults, fastTime, ...world }: TriggerWorld) {
  const { region } = world.template;
  const caller = nameIn(template.functionArn);
  const queue = queues.get(template.queueArn);
  if (!queue) throw new Error(`${template.logicalId}: there is no queue ${template.queueArn}`);
  const mapping = new Mapping(template, {
    queue,
    time: fastTime,
    invoke: (event) => host.invoke(template.functionArn, JSON.stringify(event)),
    attempt(action) {
      world.countCall(caller, `sqs:${action}`, template.queueArn);
      return !faults.strikes({ region, service: 'sqs', action, caller }).some(isFailure);
    },
  });
  const pollers: Target = { region, service: 'pollers', caller };
  return { mapping, obey: () => (faults.isPaused(pollers) ? mapping.pause() : mapping.resume()) };
}

/** A slow call does not stop a poller, because it waits long enough. A killed environment does not stop one either. */
function isFailure({ effect }: ActiveFault): boolean {
  return effect !== 'slow' && effect !== 'kill';
}

function startSchedule(template: ScheduleTemplate, { host, faults, fastTime, ...world }: TriggerWorld) {
  const target: Target = {
    region: world.template.region,
    service: 'schedule',
    caller: nameIn(template.functionArn),
  };
  const schedule = new Schedule(template, fastTime, () => void host.invoke(template.functionArn, template.input));
  schedule.start();
  return { schedule, obey: () => schedule.trouble(troubleBy(faults, target)) };
}

function troubleBy(faults: FaultBoard, target: Target): ScheduleTrouble {
  const strikes = faults.strikes(target);
  const delayMs = strikes.reduce((sum, { effect, delayMs = 0 }) => sum + (effect === 'delay' ? delayMs : 0), 0);
  const copies = strikes.some(({ effect }) => effect === 'duplicate') ? 2 : 1;
  return { isPaused: faults.isPaused(target), delayMs, copies };
}

function nameIn(functionArn: string): string {
  return functionArn.split(':').at(-1) ?? '';
}
