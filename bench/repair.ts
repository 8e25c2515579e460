import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { encodeLine } from '../core/event/event.ts';
import { limits } from '../core/limits/limits.ts';
import { hourMs, hourStart, logKey } from '../core/log/log-key.ts';
import { segmentsOf } from '../core/log/segment.ts';
import { seededChance } from '../core/seeded-chance.ts';
import { type RepairReport, repairLogs } from '../lambda/audit/repair.ts';
import { measured } from './capacity/measured.ts';
import { figure } from './capacity/text-table.ts';
import { sampleClick } from './sample-events.ts';
import { silentLog, silentMetrics } from './world/bench-world.ts';
import { bucketUse, FileObjects, fileBucket } from './world/file-bucket.ts';

/** While both intake queues are down, each event is an object of its own. An hour of an outage can leave so many. */
const objectsOfOutage = 5_000_000;
const hoursMax = 24;
const keysCompared = 200_000;
const { repair } = limits;
const nowMs = Date.UTC(2026, 10, 23, 5, 30);

/**
 * Lets repair copy `copies` segments of one event each that one log lacks. Then lets it compare two equal logs. The calls
 * cost what bench/measured.json says. Yields the lines of the report.
 */
export async function* benchRepair(copies: number): AsyncGenerator<string> {
  yield `One run of repair that copies ${figure(copies)} segments of one event each …`;
  const copying = await repaired((logs) => putSegments(logs.home, copies));
  const { copied, failed } = copying.report;
  const copyMicros = microsOf(copying, copied);
  yield `  copied ${copied}, failed ${failed}; ${copying.calls} calls`;
  yield `  ${copyMicros.toFixed(0)} us of CPU a copy with its calls, so ${(1e6 / copyMicros).toFixed(0)} copies a second on one vCPU`;
  yield `One run that compares ${figure(keysCompared)} keys that both logs have …`;
  const comparing = await repaired((logs) => putKeys(Object.values(logs)));
  yield `  ${comparing.calls} listings, ${microsOf(comparing, keysCompared).toFixed(1)} us of CPU a key`;
  yield* arithmetic(copyMicros, microsOf(comparing, keysCompared));
  yield `Compare these numbers only as ratios: other processes share the ${cpus().length} cores of this machine.`;
}

interface Repaired {
  readonly report: RepairReport;
  readonly calls: number;
  readonly cpuMicros: number;
}

type Logs = Readonly<Record<'home' | 'peer', FileObjects>>;

async function repaired(fill: (logs: Logs) => void): Promise<Repaired> {
  const logs = { home: new FileObjects(), peer: new FileObjects() };
  const use = bucketUse();
  const bucket = (side: keyof Logs) => ({ name: side, bucket: fileBucket(logs[side], use, async () => {}) });
  const ports = {
    ...{ buckets: { home: bucket('home'), peer: bucket('peer') }, regions: { home: 'us-east-1', peer: 'us-west-2' } },
    ...{
      storage: { skipped: () => undefined, isFresh: () => true, refresh: async () => {} },
      metrics: silentMetrics,
      log: silentLog,
    },
    clock: { nowMs: () => nowMs, sleep: async () => {} },
  };
  try {
    fill(logs);
    const before = process.cpuUsage();
    const report = await repairLogs(ports, nowMs + 1, repair);
    const { user, system } = process.cpuUsage(before);
    return { report, calls: use.puts + use.gets + use.lists, cpuMicros: user + system };
  } finally {
    for (const objects of Object.values(logs)) objects.remove();
  }
}

function putSegments(objects: FileObjects, count: number): void {
  const chance = seededChance(count);
  for (let seq = 0; seq < count; seq += 1) {
    for (const { key, gzip } of segmentsOf([encodeLine(sampleClick(nowMs - 60_000, seq, chance))]))
      objects.put(key, gzip);
  }
}

/** Nobody reads what lies there. */
function putKeys(logs: readonly FileObjects[]): void {
  for (let index = 0; index < keysCompared; index += 1) {
    const segmentId = createHash('sha256').update(`${index}`).digest('hex').slice(0, 32);
    const key = logKey({ hourStartMs: hourStart(nowMs - hourMs), segmentId });
    for (const objects of logs) objects.put(key, Buffer.of(0));
  }
}

function microsOf({ cpuMicros, calls }: Repaired, count: number): number {
  return (cpuMicros + calls * measured.callMicros) / count;
}

/**
 * How long the hourly runs of one region take for an hour of an outage. The other region and the runs that look at the
 * latest hours come on top. Each run may have to list the whole hour in both logs, because others have copied most of it.
 */
function* arithmetic(copyMicros: number, keyMicros: number): Generator<string> {
  const { runMs, intervalSeconds } = repair;
  const listMs = (objectsOfOutage * keyMicros) / 1_000;
  const copiesIn = (ms: number) => Math.max(1, Math.floor((ms * 1_000) / copyMicros));
  const hours = (copied: number) => (Math.ceil(objectsOfOutage / copied) * intervalSeconds) / 3_600;
  const [most, least] = [copiesIn(runMs), copiesIn(runMs - listMs)];
  yield `An hour of ${objectsOfOutage / 1e6} million objects that one log lacks, on one vCPU as fast as this one:`;
  yield `  listing it in both logs costs ${(listMs / 1_000).toFixed(0)} s of CPU`;
  yield `  a run of ${runMs / 1_000} s copies ${most}, and ${least} when it lists the whole hour as well`;
  yield `  one region alone needs ${hours(most)} to ${hours(least)} hours, target ${hoursMax}: ${hours(least) <= hoursMax ? 'MET' : 'NOT MET'}`;
}
