import { hourName } from '../core/log/log-key.ts';
import type { Clock } from '../core/ports.ts';
import { settle } from '../drill/evidence/settle.ts';
import { httpSender, type Sender } from '../drill/load/sender.ts';
import { isAnswered, type SentRecord } from '../drill/load/sent-record.ts';
import { warmUp } from '../drill/load/warm-up.ts';
import { startWorkload } from '../drill/load/workload.ts';
import type { CatalogText } from '../drill/oracle/catalog-text.ts';
import { readProject } from '../drill/project.ts';
import { quantile } from '../drill/report/latency.ts';
import { startLocalCloud } from '../local/cloud.ts';
import type { LocalCloud } from '../local/handle.ts';
import { median } from './median.ts';

/**
 * Measures how much an S3 outage slows clicks down: p99 while S3 is down in the home region, as a ratio to p99 while S3
 * works. Within a round, S3 fails and heals in short slices, so that other work on the machine disturbs both kinds of
 * slices alike. A machine that stops for half a second would otherwise decide the p99. The result is the median ratio
 * of all rounds, because single rounds vary too much.
 *
 * Schedules are paused during a round, and the backlog is delivered after it. Unlike on Lambda, replay would use the
 * same CPU as the clicks, and would slow down the slices that come next.
 */

const rounds = 7;
/** Even, so that both kinds have the same number of slices. */
const slicesOfRound = 32;
const sliceMs = 1_250;
const clicksASecond = 40;
/** Clicks at the start of a round do not count. The first round needs longer, because fresh code is still compiled. */
const firstLeadMs = 20_000;
const leadMs = 2_000;
/**
 * Longer than the longest visibility timeout, after which a queue repeats the messages that a function failed to
 * handle.
 */
const settleMs = 300_000;
const ratioWanted = 1.1;

interface Bench {
  readonly cloud: LocalCloud;
  readonly region: string;
  readonly clock: Clock;
  readonly sender: Sender;
  readonly catalog: CatalogText;
}

export async function benchLatency(print: (line: string) => void, clock: Clock): Promise<void> {
  print(
    `p99 of clicks with S3 up and down: ${rounds} rounds of ${slicesOfRound} slices of ${sliceMs / 1_000} s, ${clicksASecond} clicks a second`,
  );
  const cloud = await startLocalCloud({ speed: 10, seed: 1 });
  const sender = httpSender(cloud.urls.name);
  try {
    await warmUp(cloud, sender.send, clock);
    const [region = ''] = cloud.regions;
    const ratios = await measure({ cloud, region, clock, sender, catalog: readCatalog() }, print);
    print(`  median ratio ${median(ratios).toFixed(2)} of ${ratios.length} rounds (target: at most ${ratioWanted})`);
  } finally {
    await sender.close();
    await cloud.stop();
  }
}

async function measure(bench: Bench, print: (line: string) => void): Promise<readonly number[]> {
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const clicks = await playRound(bench, round);
    const [up, down] = [p99Of(clicks, round, false), p99Of(clicks, round, true)];
    ratios.push(down / up);
    print(`  round ${round}: up ${up.toFixed(1)} ms, down ${down.toFixed(1)} ms, ratio ${(down / up).toFixed(2)}`);
  }
  return ratios;
}

/** The clicks of one round. Their moments count from the end of the lead. */
async function playRound(bench: Bench, round: number): Promise<readonly SentRecord[]> {
  const { cloud, clock, sender, catalog } = bench;
  const ownLeadMs = round === 1 ? firstLeadMs : leadMs;
  const { id: rest } = cloud.addFault({ service: 'schedule', effect: 'pause' });
  const load = { clicks: clicksASecond, impressions: 0, conversions: 0, repeats: 0 };
  const durationMs = ownLeadMs + slicesOfRound * sliceMs;
  const links = { catalog, day: hourName(clock.nowMs()).slice(0, 10) };
  const workload = startWorkload({ seed: round, durationMs, load, links }, clock, sender.send);
  await clock.sleep(ownLeadMs);
  await failAndHeal(bench, round, clock.nowMs());
  await workload.answered;
  cloud.removeFault(rest);
  const settled = await settle(cloud, clock, settleMs);
  if (settled.kind === 'unsettled') throw new Error(`the backlog was not delivered: ${settled.problems.join('; ')}`);
  return workload.records
    .map((record) => ({ ...record, atMs: record.atMs - ownLeadMs }))
    .filter(({ atMs }) => atMs >= 0);
}

async function failAndHeal({ cloud, region, clock }: Bench, round: number, startMs: number): Promise<void> {
  let fault: string | undefined;
  for (let slice = 0; slice < slicesOfRound; slice += 1) {
    if (fault !== undefined) cloud.removeFault(fault);
    const isDown = isDownAt(round, slice * sliceMs);
    fault = isDown
      ? cloud.addFault({ region, service: 's3', effect: 'error', status: 503, code: 'ServiceUnavailable' }).id
      : undefined;
    await clock.sleep(startMs + (slice + 1) * sliceMs - clock.nowMs());
  }
  if (fault !== undefined) cloud.removeFault(fault);
}

/** Whether S3 is down at a moment of a round, in ms from its start. Each round begins with the other kind of slice. */
function isDownAt(round: number, atMs: number): boolean {
  const slice = Math.min(slicesOfRound - 1, Math.floor(atMs / sliceMs));
  return (slice + round) % 2 === 1;
}

function p99Of(clicks: readonly SentRecord[], round: number, isDown: boolean): number {
  const ofKind = clicks.filter(({ atMs }) => isDownAt(round, atMs) === isDown).filter(isAnswered);
  const latenciesMs = ofKind.map(({ latencyMs }) => latencyMs);
  const p99 = quantile(latenciesMs, 0.99);
  if (p99 === null) throw new Error('no click was answered');
  return p99;
}

function readCatalog(): CatalogText {
  const read = readProject();
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.project.catalog;
}
