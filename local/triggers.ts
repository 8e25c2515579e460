import type { FaultBoard, Target } from './fault/fault-board.ts';
import type { LambdaHost } from './lambda-host/lambda-host.ts';
import { Mapping } from './model/mapping.ts';
import type { Queue } from './model/queue.ts';
import { Schedule, type ScheduleTrouble } from './model/schedule.ts';
import type { ModelTime } from './model/time.ts';
import type { MappingTemplate, RegionTemplate, ScheduleTemplate } from './template/region-template.ts';

export interface TriggerWorld {
  readonly template: RegionTemplate;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly faults: FaultBoard;
  readonly host: LambdaHost;
  /** The machine's clock, for looking at faults. */
  readonly time: ModelTime;
  /** The clock of schedules. */
  readonly fastTime: ModelTime;
  /** The clock of batch windows. */
  readonly windowTime: ModelTime;
  /** Counts each call of a poller. `caller`: the name of the poller's function. */
  readonly countCall: (caller: string, call: string, queueArn: string) => void;
}

export interface Triggers {
  stop(): Promise<void>;
}

/** How often pollers and schedules ask which faults are active. */
const lookIntervalMs = 100;

/** What starts by itself in one region: event source mappings and schedules. */
export function startTriggers(world: TriggerWorld): Triggers {
  const mappings = world.template.mappings.map((template) => startMapping(template, world));
  const schedules = world.template.schedules.map((template) => startSchedule(template, world));

  let cancelLook = look();
  function look(): () => void {
    for (const { obey } of [...mappings, ...schedules]) obey();
    return world.time.after(lookIntervalMs, () => {
      cancelLook = look();
    });
  }

  return {
    async stop() {
      cancelLook();
      for (const { schedule } of schedules) schedule.stop();
      await Promise.all(mappings.map(({ mapping }) => mapping.stop()));
    },
  };
}

function startMapping(template: MappingTemplate, { queues, host, faults, windowTime, ...world }: TriggerWorld) {
  const { region } = world.template;
  const caller = nameIn(template.functionArn);
  const queue = queues.get(template.queueArn);
  if (!queue) throw new Error(`${template.logicalId}: there is no queue ${template.queueArn}`);
  const mapping = new Mapping(template, {
    queue,
    time: windowTime,
    invoke: (event) => host.invoke(template.functionArn, JSON.stringify(event)),
    attempt(action) {
      world.countCall(caller, `sqs:${action}`, template.queueArn);
      return !faults.failsPoller({ region, service: 'sqs', action, caller });
    },
  });
  const pollers: Target = { region, service: 'pollers', caller };
  return { mapping, obey: () => (faults.isPaused(pollers) ? mapping.pause() : mapping.resume()) };
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
