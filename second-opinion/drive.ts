import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { hourName } from '../core/log/log-key.ts';
import { createLocalWorld } from '../local/local-world.ts';
import { type Deployment, deployDoor } from './deployment.ts';
import { catalogFile } from './doors.ts';
import { type DrivenRegion, driveRegion, logOf } from './driven-region.ts';
import { makeBucket } from './moto.ts';
import type { Outcome } from './outcome.ts';
import { runWell } from './processes.ts';
import { type Answer, type Figures, figureDifferences, figureNames, type Send, Visits } from './visits.ts';
import { awsEnvironment, projectFolder, type Workplace } from './workplace.ts';

/** Drives the deployed bundles from clicks to final figures. Meanwhile a bucket is deleted and brought back. */
export async function drive(workplace: Workplace): Promise<Outcome> {
  const deployment = await deployDoor('both doors', workplace);
  const world = createLocalWorld(1);
  const output: string[] = [];
  const regions: DrivenRegion[] = [];
  try {
    for (const template of deployment.templates) {
      const { moto } = deployment;
      regions.push(
        await driveRegion(template, {
          moto,
          world,
          onOutput: (text) => output.push(text),
        }),
      );
    }
    return await driveBoth({ deployment, regions, workplace });
  } catch (error) {
    throw new Error(`${(error as Error).message}\nThe functions said:\n${output.slice(-20).join('')}`, {
      cause: error,
    });
  } finally {
    for (const region of regions) await region.close();
    world.time.stop();
    deployment.moto.stop();
  }
}

interface Drive {
  readonly deployment: Deployment;
  readonly regions: readonly DrivenRegion[];
  readonly workplace: Workplace;
}

async function driveBoth(run: Drive): Promise<Outcome> {
  const { deployment, regions, workplace } = run;
  const visits = new Visits();
  const startMs = Date.now();
  const stored = await loseAndRegainBucket(run, visits);
  workplace.progress('final figures of both regions');
  const hours = [...new Set([hourName(startMs), hourName(Date.now())])];
  const [first = '', ...others] = await makeFinal(regions, hours);
  const differences: string[] = [];
  for (const { template } of regions) {
    const found = await reportedFigures(run, template.region, hours[0] ?? '');
    differences.push(...figureDifferences(template.region, visits.figures, found));
  }
  const figures = visits.figures.size * figureNames.length * regions.length;
  const right = figures - differences.length;
  if (others.some((digest) => digest !== first)) differences.push('the digests of the regions differ');
  differences.push(...deployment.moto.complaints().filter((line) => line.startsWith('error in moto')));
  const compared = `${right} of ${figures} final figures, from ${visits.requests} requests by two front doors`;
  return { compared: `${compared} and ${stored} messages of the intake queues`, differences };
}

/** Returns how many messages `store` took. */
async function loseAndRegainBucket(run: Drive, visits: Visits): Promise<number> {
  const { deployment, regions, workplace } = run;
  const [, lost] = regions;
  if (!lost) throw new Error('the deployment must have two regions');
  const bucket = logOf(lost.template);
  await publishCatalog(run);
  workplace.progress('clicks and conversions by each door of both regions');
  await sendRounds(visits, regions);
  let stored = await storeAll(regions);
  for (const region of regions) await region.runTask('stats', { task: 'fold' });
  workplace.progress(`the same while ${bucket} is deleted`);
  await lost.deleteLog();
  await sendRounds(visits, regions);
  stored += await storeAll(regions);
  workplace.progress('the same when the bucket is back, then replay and repair');
  await makeBucket(deployment.moto, bucket, lost.template.region);
  await publishCatalog(run, '--overwrite');
  await sendRounds(visits, regions);
  return stored + (await settle(regions));
}

/** One round for each door of each region. The conversion of each is reported again by the next door. */
async function sendRounds(visits: Visits, regions: readonly DrivenRegion[]): Promise<void> {
  const senders = regions.flatMap(({ doorUrls }) => doorUrls).map(senderTo);
  for (const [index, send] of senders.entries()) await visits.round(send, senders[index + 1] ?? senders[0] ?? send);
}

function senderTo(url: string): Send {
  return async (path, visitor): Promise<Answer> => {
    const agent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.${visitor} Safari/537.36`;
    const response = await fetch(`${url}${path}`, { redirect: 'manual', headers: { 'user-agent': agent } });
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      captured: response.headers.get('x-keeptrack-captured') ?? '',
      body: await response.text(),
    };
  };
}

async function storeAll(regions: readonly DrivenRegion[]): Promise<number> {
  let stored = 0;
  for (const region of regions) stored += await region.store();
  return stored;
}

const settleRunsMax = 30;
const settlePauseMs = 1_000;

/** Stores, replays and repairs until no queue holds anything. Returns how many messages `store` took. */
async function settle(regions: readonly DrivenRegion[]): Promise<number> {
  let stored = 0;
  for (let runs = 0; runs < settleRunsMax; runs += 1) {
    stored += await storeAll(regions);
    for (const region of regions) await region.runTask('replay', { task: 'deliver' });
    for (const region of regions) await region.runTask('audit', { task: 'repair-recent' });
    if ((await waiting(regions)) === 0) return stored;
    await pause(settlePauseMs);
  }
  throw new Error(`${await waiting(regions)} messages still wait after ${settleRunsMax} runs of replay`);
}

async function waiting(regions: readonly DrivenRegion[]): Promise<number> {
  const each = await Promise.all(regions.map((region) => region.waiting()));
  return each.reduce((sum, count) => sum + count, 0);
}

const ledgerReport = z.object({
  hours: z.array(z.object({ hour: z.string(), outcome: z.string(), figures: z.string().optional() })),
});

/** Returns one digest of the figures for each region. Throws when an hour does not become final. */
async function makeFinal(regions: readonly DrivenRegion[], hours: readonly string[]): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const region of regions) {
    const answer = await region.runTask('ledger', { task: 'hours', hours, cause: 'second-opinion' });
    const made = ledgerReport.parse(answer).hours;
    const left = made.filter(({ outcome }) => outcome === 'left');
    if (left.length > 0) throw new Error(`the ledger left hours to a later run: ${JSON.stringify(left)}`);
    digests.push(made.map(({ hour, figures }) => `${hour} ${figures}`).join(', '));
  }
  return digests;
}

const tsx = createRequire(join(projectFolder, 'package.json')).resolve('tsx/cli');

/** Runs the operator's command of this project on moto. */
async function keeptrack({ deployment, workplace }: Drive, ...args: readonly string[]): Promise<string> {
  const { moto, synthesized } = deployment;
  const { stdout } = await runWell({
    file: process.execPath,
    args: [tsx, join(projectFolder, 'bin', 'keeptrack.ts'), ...args, '--config', synthesized.configFile],
    folder: projectFolder,
    env: awsEnvironment(workplace.folder, moto.url),
    limitMs: 120_000,
  });
  return stdout;
}

async function publishCatalog(run: Drive, ...options: readonly string[]): Promise<void> {
  await keeptrack(run, 'catalog', 'publish', catalogFile, '--yes', ...options);
}

const micros = z.string().transform((text) => Math.round(Number(text) * 1_000_000));
const counts = { clicks: z.number(), unique_clicks: z.number(), impressions: z.number() };
const reports = { approved: z.number(), duplicates: z.number(), payout: micros, revenue: micros };
const row = z.object({
  offer_id: z.number(),
  affiliate_id: z.number(),
  ...counts,
  ...reports,
  provisional: z.boolean(),
});
const report = z.object({ rows: z.array(row) });

/** What the operator's report says of one region. */
async function reportedFigures(run: Drive, region: string, from: string): Promise<ReadonlyMap<string, Figures>> {
  const options = ['--by', 'offer,affiliate', '--from', from, '--region', region, '--json'];
  const { rows } = report.parse(JSON.parse(await keeptrack(run, 'report', ...options)));
  return new Map(
    rows.map(({ offer_id, affiliate_id, ...figures }) => [`offer ${offer_id}, affiliate ${affiliate_id}`, figures]),
  );
}
