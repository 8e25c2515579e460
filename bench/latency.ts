import type { Clock } from '../core/ports.ts';
import { quantile } from '../drill/latency.ts';
import type { LinkIds } from '../drill/links.ts';
import { readProject } from '../drill/project.ts';
import { isAnswered, type SentRecord } from '../drill/record.ts';
import { httpSender } from '../drill/sender.ts';
import { warmUp } from '../drill/warm-up.ts';
import { startWorkload } from '../drill/workload.ts';
import { startLocalCloud } from '../local/cloud.ts';
import type { LocalCloud } from '../local/handle.ts';

/**
 * What a click feels of an S3 outage: p99 while S3 is down in the home region, as a ratio to p99 while it is well. Windows
 * of both kinds take turns in one run, and which comes first changes too, so that whatever else the machine does meanwhile
 * falls on both alike. The median of the ratios is the result; single windows are noise.
 */

const pairs = 7;
const windowMs = 8_000;
/**
 * So long the load runs before the first window. It needs more environments than were warmed; starting them and compiling
 * what they run takes both cores for about a minute, and what clicks wait for meanwhile says nothing about S3.
 */
const leadMs = 75_000;
/** What is under way when S3 fails or heals belongs to neither kind. */
const pauseMs = 1_000;
const clicksASecond = 30;
const ratioWanted = 1.1;

interface Window {
  readonly pair: number;
  readonly isDown: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

export async function benchLatency(print: (line: string) => void, clock: Clock): Promise<void> {
  print(
    `p99 of clicks with S3 well and down: ${pairs} pairs of windows of ${windowMs / 1_000} s, ${clicksASecond} clicks a second`,
  );
  const cloud = await startLocalCloud({ speed: 10, seed: 1 });
  try {
    const ratios = await measure(cloud, print, clock);
    print(`  median ratio ${quantile(ratios, 0.5)?.toFixed(2)} (wanted: at most ${ratioWanted})`);
  } finally {
    await cloud.stop();
  }
}

async function measure(cloud: LocalCloud, print: (line: string) => void, clock: Clock): Promise<readonly number[]> {
  const windows = planWindows();
  const sender = httpSender(cloud.urls.name);
  await warmUp(cloud, sender.send, clock);
  const durationMs = windows.at(-1)?.toMs ?? 0;
  const load = { clicks: clicksASecond, impressions: 0, conversions: 0 };
  const workload = startWorkload({ seed: 1, durationMs, load, ids: catalogIds() }, clock, sender.send);
  await Promise.all(windows.filter(({ isDown }) => isDown).map((window) => breakS3(cloud, window, clock)));
  await workload.answered;
  await sender.close();
  return Array.from({ length: pairs }, (_, pair) => ratioOf(workload.records, windows, pair, print));
}

function planWindows(): readonly Window[] {
  return Array.from({ length: 2 * pairs }, (_, index) => {
    const pair = Math.floor(index / 2);
    const fromMs = leadMs + index * (windowMs + pauseMs);
    return { pair, isDown: (index % 2 === 1) === (pair % 2 === 0), fromMs, toMs: fromMs + windowMs };
  });
}

function catalogIds(): LinkIds {
  const read = readProject();
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.project.ids;
}

async function breakS3(cloud: LocalCloud, { fromMs, toMs }: Window, clock: Clock): Promise<void> {
  const region = cloud.regions[0];
  if (region === undefined) throw new Error('the cloud has no region');
  await clock.sleep(fromMs - pauseMs / 2);
  const { id } = cloud.addFault({ region, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
  await clock.sleep(toMs - fromMs + pauseMs / 2);
  cloud.removeFault(id);
}

function ratioOf(
  records: readonly SentRecord[],
  windows: readonly Window[],
  pair: number,
  print: (line: string) => void,
): number {
  const p99 = (isDown: boolean) => {
    const window = windows.find((one) => one.pair === pair && one.isDown === isDown);
    const inWindow = records.filter(({ atMs }) => window && atMs >= window.fromMs && atMs < window.toMs);
    return (
      quantile(
        inWindow.filter(isAnswered).map(({ latencyMs }) => latencyMs),
        0.99,
      ) ?? Number.NaN
    );
  };
  const [well, down] = [p99(false), p99(true)];
  print(
    `  pair ${pair + 1}: well ${well.toFixed(1)} ms, down ${down.toFixed(1)} ms, ratio ${(down / well).toFixed(2)}`,
  );
  return down / well;
}
