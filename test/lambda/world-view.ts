import { encodeSwitch, type Switch, switchKey } from '../../core/capture/switches.ts';
import { encodeOwedSegment } from '../../core/log/owed.ts';
import { readSegment, type Segment, segmentsOf } from '../../core/log/segment.ts';
import { seededChance } from '../../core/seeded-chance.ts';
import type { Fault } from '../../local/fault/fault.ts';
import { createSimulatedWorld, type RegionName, type SimulatedWorld } from '../../simulation/world.ts';
import { sampleLine, sampleMs } from '../sample-lines.ts';

/** What tests of the queue consumers do to a world and see in it. */

export const home = 'us-east-1';
export const peer = 'us-west-2';

export function worldWith(...faults: readonly Fault[]): SimulatedWorld {
  const world = createSimulatedWorld(sampleMs, seededChance(1));
  for (const fault of faults) world.board.add(fault);
  return world;
}

export function bucketDown(region?: RegionName): Fault {
  return { service: 's3', effect: 'error', ...(region && { region }) };
}

/** Reads go on. */
export function putsFail(region: RegionName): Fault {
  return { ...bucketDown(region), actions: ['PutObject'] };
}

export function sqsFails(action: string, region?: RegionName): Fault {
  return { service: 'sqs', actions: [action], effect: 'error', ...(region && { region }) };
}

/** Writes a switch as an operator does, to the buckets of these regions. */
export function setSwitch(world: SimulatedWorld, value: Switch, at: readonly RegionName[] = [home, peer]): void {
  for (const region of at) {
    world.regions[region].bucket.put(switchKey(value.switch, value.region), Buffer.from(encodeSwitch(value)));
  }
}

/** The home region's functions shall leave a bucket alone from now on. */
export function skip(world: SimulatedWorld, side: 'home' | 'peer', forMs = 3_600_000): void {
  const at = world.time.nowMs();
  setSwitch(world, { switch: 'storage', region: home, set: `skip-${side}`, by: 'ada', at, until: at + forMs });
}

/** Lines of one region's log, in the order of its keys. */
export function logged(world: SimulatedWorld, region: RegionName): readonly string[] {
  const { bucket } = world.regions[region];
  return bucket.keys('log/').flatMap((key) => {
    const object = bucket.get(key);
    const read = object.kind === 'ok' ? readSegment(object.value.body) : undefined;
    return read?.kind === 'read' ? read.lines : [`unreadable: ${key}`];
  });
}

export function deadLetters(
  world: SimulatedWorld,
  region: RegionName = home,
): readonly (readonly (string | undefined)[])[] {
  const messages = world.regions[region].deadLetters.messages();
  return messages.map(({ body, attributes }) => [attributes['reason']?.value, body]);
}

/** The messages in failure queues, each as `region of the queue → region whose bucket is owed`. */
export function owedMessages(world: SimulatedWorld): readonly string[] {
  return Object.values(world.regions).flatMap((region) =>
    Object.entries(region.failureQueues).flatMap(([owed, queue]) =>
      queue.messages().map(() => `${region.name} → ${owed}`),
    ),
  );
}

/** Small segments of one event each; the same ones for the same numbers. */
export function sampleSegments(count: number, firstSeq = 1): readonly Segment[] {
  return Array.from({ length: count }, (_, index) => segmentsOf([sampleLine(firstSeq + index)])).flat();
}

/** Puts segments into a failure queue: in the region `at`, for the bucket of the region `owed`. */
export function owe(world: SimulatedWorld, at: RegionName, owed: RegionName, segments: readonly Segment[]): void {
  const bucket = world.regions[owed].bucket.name;
  for (const segment of segments)
    world.regions[at].failureQueues[owed].send({ body: encodeOwedSegment({ ...segment, bucket }) });
}
