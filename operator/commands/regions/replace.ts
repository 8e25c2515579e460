import { limits } from '../../../core/limits/limits.ts';
import { hourMs, parseHourName } from '../../../core/log/log-key.ts';
import { isConfirmed, isRegion } from '../../cli/confirm-region.ts';
import { plural, utcHour, utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import { refuse } from '../../cli/refuse.ts';
import type { Shell } from '../../cli/shell.ts';
import { askLedger } from '../../clients/ask-ledger.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { withStoredRegions } from '../../clients/region-copy.ts';
import { FiguresFailure, type FiguresReader } from '../../figures/figures-reader.ts';
import { withFigures } from '../../figures/open-figures.ts';
import { makeFinal } from '../rebuild/make-final.ts';
import { reasonsAgainstTraffic } from './carrying-traffic.ts';
import { copyFigures } from './copy-figures.ts';
import { copyIndexPages, isWhole } from './copy-index.ts';
import { copyKept, copyLog, firstHourOf } from './copy-log.ts';
import { type MadeFigures, makeFigures, openHours } from './make-figures.ts';
import { Replacement, ReplacementFailure } from './replacement.ts';
import { KeptState, survivorBegunAtMs } from './replacement-state.ts';

export interface ReplaceOptions extends GlobalOptions {
  readonly confirm?: string;
}

/** What became of the region. */
interface Replaced {
  readonly region: string;
  readonly from: string;
  readonly segmentsCopied: number;
  readonly hoursCopied: number;
  readonly indexItems: number;
  readonly figures: MadeFigures;
  /** Why the region should not carry traffic yet; empty when it may. */
  readonly against: readonly string[];
}

export async function replaceRegion(region: string, options: ReplaceOptions, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment || !isRegion(region, deployment.regions, shell)) return;
  const survivor = deployment.peerOf(region);
  const consequence = `${region} gets the log, the figures and the conversion index of ${survivor}. Its own figures give way to these.`;
  if (!(await isConfirmed(region, consequence, options.confirm, shell))) return;
  try {
    const replaced = await withStoredRegions(deployment, [survivor, region], (from, to) =>
      fill(new Replacement(from, to, shell.clock, shell.progress), deployment, shell),
    );
    if (replaced) tell(replaced, options, shell);
  } catch (error) {
    if (!(error instanceof ReplacementFailure || error instanceof FiguresFailure)) throw error;
    shell.error(`${error.message}. What is done stays. Run the command again: it goes on from here.`);
    shell.exitWith(1);
  }
}

/**
 * The order matters. Figures are copied before the index: whatever a copied hour has claimed is then in the index that
 * is copied. Figures are made last, when the log and the index are whole. Undefined when the wrong region was named.
 */
async function fill(run: Replacement, deployment: Deployment, shell: Shell): Promise<Replaced | undefined> {
  const [firstMs, ownFirstMs] = [await firstHourOf(run, 'survivor'), await firstHourOf(run, 'fresh')];
  if (firstMs === undefined) return refuse(shell, reasonToRefuse(run));
  const kept = new KeptState(run);
  const hasBegun = await kept.read();
  const reversedAtMs = hasBegun ? undefined : await survivorBegunAtMs(run);
  if (reversedAtMs !== undefined && ownFirstMs !== undefined && ownFirstMs < reversedAtMs)
    return refuse(shell, reversedReason(run));
  // Copied segments expire later than those of the survivor. So after a while the filled region has the older log.
  const goesOn = hasBegun && firstMs < kept.state.begunAtMs;
  if (!goesOn && (ownFirstMs ?? firstMs) < firstMs) return refuse(shell, reasonToRefuse(run, firstMs, ownFirstMs));
  if (!hasBegun) await kept.keep({});
  await copyKept(run);
  const segmentsCopied = await copyLog(run, firstMs);
  const { survivor, fresh } = run;
  return withFigures(deployment, [survivor.region, fresh.region], shell, async ([theirs, own]) => {
    if (theirs === undefined || own === undefined) return undefined;
    // An adjustment can be for a day from before the log.
    const firstFigures = parseHourName((await theirs.firstHour()) ?? '');
    const figuresFromMs = Math.min(firstMs, Number.isNaN(firstFigures) ? firstMs : firstFigures);
    const hoursCopied = await fillFigures(run, kept, figuresFromMs);
    const figures = await makeIn(fresh.region, { theirs, own, kept, firstMs: figuresFromMs }, deployment, shell);
    // The log has grown meanwhile, and a queue can have delivered late segments.
    const segmentsLater = await copyLog(run, run.clock.nowMs() - recentMs);
    const url = deployment.regionUrl(fresh.region);
    const reasons = await reasonsAgainstTraffic({ run, figures: own, http: shell.http, url });
    return {
      ...{ region: fresh.region, from: survivor.region, segmentsCopied: segmentsCopied + segmentsLater },
      ...{ hoursCopied, indexItems: kept.state.index.items, figures, against: [...differingText(figures), ...reasons] },
    };
  });
}

const recentMs = limits.repair.hoursMax * hourMs;

function differingText({ differing }: MadeFigures): readonly string[] {
  const [first] = differing;
  if (first === undefined) return [];
  return [
    `the final figures of ${plural(differing.length, 'hour')} differ, the first is ${utcHour(first.hour)}: compare it with keeptrack reconcile`,
  ];
}

function reversedReason({ survivor, fresh }: Replacement): string {
  return `${survivor.region} is the new region, which is filled from ${fresh.region}: name ${survivor.region}`;
}

/** The figures of a younger region must not take the place of those of an older one. */
function reasonToRefuse({ survivor, fresh }: Replacement, firstMs = Number.NaN, ownFirstMs = Number.NaN): string {
  if (Number.isNaN(firstMs)) return `${survivor.region} has no log: there is nothing to fill ${fresh.region} with`;
  return `${fresh.region} has a log since ${utcText(ownFirstMs)}, and ${survivor.region} since ${utcText(firstMs)}: name the new region, which is to be filled`;
}

/** Copies the figures and then the index, each once. Gives how many hours this run copied. */
async function fillFigures(run: Replacement, kept: KeptState, firstMs: number): Promise<number> {
  let hoursCopied = 0;
  if (!kept.state.hasFigures) {
    hoursCopied = await copyFigures(run, firstMs);
    await kept.keep({ hasFigures: true });
  }
  while (!isWhole(kept.state.index)) {
    await kept.keep({ index: await copyIndexPages(run, kept.state.index) });
    run.progress(`conversion index: ${plural(kept.state.index.items, 'key')} copied`);
  }
  return hoursCopied;
}

interface FilledFigures {
  readonly theirs: FiguresReader;
  readonly own: FiguresReader;
  readonly kept: KeptState;
  readonly firstMs: number;
}

async function makeIn(
  region: string,
  { theirs, own, kept, firstMs }: FilledFigures,
  deployment: Deployment,
  { clock, progress }: Shell,
): Promise<MadeFigures> {
  const log = openLogClient(deployment, region);
  try {
    const ask = (hour: string) => askLedger(deployment, region, hour, 'rebuild');
    const make = (hour: string) => makeFinal(hour, { reader: own, log, ask, clock });
    const both = { survivor: theirs, fresh: own, make, nowMs: () => clock.nowMs(), progress };
    const open = kept.state.hasOpenHours ? [] : await openHours(both);
    const made = await makeFigures(both, firstMs, open);
    if (made.differing.length === 0) await kept.keep({ hasOpenHours: true });
    return made;
  } finally {
    log.close();
  }
}

function tell(replaced: Replaced, { json }: ReplaceOptions, shell: Shell): void {
  const { region, from, segmentsCopied, hoursCopied, indexItems, figures, against } = replaced;
  if (json) shell.out(JSON.stringify({ ...replaced, mayCarryTraffic: against.length === 0 }, null, 2));
  else {
    shell.out(`log: ${region} has every segment of ${from}; ${plural(segmentsCopied, 'segment')} copied in this run`);
    shell.out(`conversion index: ${plural(indexItems, 'key')} copied`);
    shell.out(
      `figures: ${plural(hoursCopied, 'hour')} copied, ${figures.made} made by the ledger, of ${figures.hours} that are final`,
    );
    if (against.length === 0)
      shell.out(`${region} may carry traffic. Look at keeptrack doctor before you shift traffic back to it.`);
  }
  for (const { hour, why } of figures.differing.slice(0, limits.replacing.hoursNamedMax))
    shell.error(`${region} ${utcHour(hour)}: ${why}`);
  for (const reason of against) shell.error(`${region} should not carry traffic yet: ${reason}`);
  if (against.length > 0) shell.exitWith(1);
}
