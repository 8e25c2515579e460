import type { Clock } from '../core/ports.ts';
import { quantile } from '../drill/latency.ts';
import type { LinkIds } from '../drill/links.ts';
import { readProject } from '../drill/project.ts';
import { isAnswered } from '../drill/record.ts';
import { httpSender, type Sender } from '../drill/sender.ts';
import { settle } from '../drill/settle.ts';
import { warmUp } from '../drill/warm-up.ts';
import { startWorkload } from '../drill/workload.ts';
import { startLocalCloud } from '../local/cloud.ts';
import type { LocalCloud } from '../local/handle.ts';
import { markCpu, stolenSince } from './latency/stolen-time.ts';

/**
 * What a click feels of an S3 outage: p99 while S3 is down in the home region, as a ratio to p99 while it is well. Windows
 * of both kinds take turns in one run, and which comes first changes too, so that whatever else the machine does meanwhile
 * falls on both alike. The median of the ratios is the result; single windows are noise.
 *
 * Between windows the backlog is waited for: replay delivers it with all the CPU it can get, and here, unlike on Lambda,
 * that is the CPU which clicks are answered with. It would fall on whichever window comes next. And a pair in which the
 * hypervisor took CPU away is set aside, whatever its ratio is, and another one measured.
 */

const pairsWanted = 7;
const pairsMax = 24;
const stolenShareMax = 0.02;
const windowMs = 12_000;
/** The load runs for so long before each window: what is under way when S3 fails or heals belongs to neither kind. */
const leadMs = 2_000;
/** And so long once at the start, while code that has just been loaded is compiled. */
const firstLeadMs = 20_000;
const settleMs = 120_000;
const clicksASecond = 40;
const ratioWanted = 1.1;

interface Bench {
  readonly cloud: LocalCloud;
  readonly clock: Clock;
  readonly sender: Sender;
  readonly ids: LinkIds;
}

interface Window {
  readonly p99Ms: number;
  readonly stolenShare: number;
}

interface Pair {
  readonly well: Window;
  readonly down: Window;
}

export async function benchLatency(print: (line: string) => void, clock: Clock): Promise<void> {
  print(
    `p99 of clicks with S3 well and down: ${pairsWanted} pairs of windows of ${windowMs / 1_000} s, ${clicksASecond} clicks a second`,
  );
  const cloud = await startLocalCloud({ speed: 10, seed: 1 });
  const sender = httpSender(cloud.urls.name);
  try {
    await warmUp(cloud, sender.send, clock);
    summarize(await measure({ cloud, clock, sender, ids: catalogIds() }, print), print);
  } finally {
    await sender.close();
    await cloud.stop();
  }
}

function summarize(pairs: readonly Pair[], print: (line: string) => void): void {
  const calm = pairs.filter(isCalm);
  print(`  median ratio of all ${pairs.length} pairs ${medianRatio(pairs)}`);
  print(`  median ratio of the ${calm.length} undisturbed pairs ${medianRatio(calm)} (wanted: at most ${ratioWanted})`);
  if (calm.length < pairsWanted) print(`  too few: this machine was not left alone long enough to tell`);
}

function medianRatio(pairs: readonly Pair[]): string {
  return quantile(pairs.map(ratioOf), 0.5)?.toFixed(2) ?? '-';
}

async function measure(bench: Bench, print: (line: string) => void): Promise<readonly Pair[]> {
  await clicks(bench, 0, firstLeadMs);
  const pairs: Pair[] = [];
  while (pairs.length < pairsMax && pairs.filter(isCalm).length < pairsWanted) {
    const pair = await measurePair(bench, pairs.length + 1);
    pairs.push(pair);
    print(`  pair ${pairs.length}: ${described(pair)}`);
  }
  return pairs;
}

function described(pair: Pair): string {
  const { well, down } = pair;
  const stolen = Math.max(well.stolenShare, down.stolenShare);
  const setAside = isCalm(pair) ? '' : `, set aside: ${(stolen * 100).toFixed(0)} % of the CPU taken away`;
  return `well ${well.p99Ms.toFixed(1)} ms, down ${down.p99Ms.toFixed(1)} ms, ratio ${ratioOf(pair).toFixed(2)}${setAside}`;
}

function isCalm({ well, down }: Pair): boolean {
  return well.stolenShare <= stolenShareMax && down.stolenShare <= stolenShareMax;
}

function ratioOf({ well, down }: Pair): number {
  return down.p99Ms / well.p99Ms;
}

/** With the same clicks in both windows. */
async function measurePair(bench: Bench, number: number): Promise<Pair> {
  if (number % 2 === 0) {
    const down = await whileDown(bench, number);
    return { well: await clicks(bench, number, leadMs), down };
  }
  const well = await clicks(bench, number, leadMs);
  return { well, down: await whileDown(bench, number) };
}

async function whileDown(bench: Bench, seed: number): Promise<Window> {
  const { cloud, clock } = bench;
  const [region] = cloud.regions;
  if (region === undefined) throw new Error('the cloud has no region');
  const { id } = cloud.addFault({ region, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' });
  const window = await clicks(bench, seed, leadMs);
  cloud.removeFault(id);
  const rest = await settle(cloud, clock, settleMs);
  if (rest.kind === 'unsettled') throw new Error(`the backlog was not delivered: ${rest.problems.join('; ')}`);
  return window;
}

/** Sends clicks for the lead and a window, and looks at those of the window. */
async function clicks({ clock, sender, ids }: Bench, seed: number, ownLeadMs: number): Promise<Window> {
  const load = { clicks: clicksASecond, impressions: 0, conversions: 0 };
  const mark = markCpu();
  const workload = startWorkload({ seed, durationMs: ownLeadMs + windowMs, load, ids }, clock, sender.send);
  await workload.answered;
  const stolenShare = stolenSince(mark) ?? 0;
  const inWindow = workload.records.filter(({ atMs }) => atMs >= ownLeadMs).filter(isAnswered);
  const latenciesMs = inWindow.map(({ latencyMs }) => latencyMs);
  const p99Ms = quantile(latenciesMs, 0.99);
  if (p99Ms === null) throw new Error('no click was answered');
  return { p99Ms, stolenShare };
}

function catalogIds(): LinkIds {
  const read = readProject();
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.project.ids;
}
