import { type HourState, isFinal } from '../../../core/ledger/hour-state.ts';
import { plural, utcHour } from '../../cli/format.ts';
import { FiguresFailure } from '../../figures/figures-reader.ts';
import { type FinalPorts, type MadeFinal, makeFinal, planHour } from './make-final.ts';

/** The outcome for the hours of one region, in their order. */
export interface RebuiltRegion {
  readonly region: string;
  readonly done: readonly DoneHour[];
  readonly left: readonly LeftHour[];
}

export interface DoneHour {
  readonly hour: string;
  /** The revision that is in force now; 0 in a dry run when the hour is provisional. */
  readonly revision: number;
  readonly segments: number;
  /** Undefined in a dry run. */
  readonly events?: number;
  /** Whether the figures differ from the final ones before; undefined when there were none. */
  readonly changed?: boolean;
}

interface LeftHour {
  readonly hour: string;
  readonly reason: string;
}

/** One hour after the other. Stops at the first hour for which the region cannot be reached. */
export async function rebuildRegion(
  region: string,
  hours: readonly string[],
  isDryRun: boolean,
  ports: FinalPorts,
  progress: (line: string) => void,
): Promise<RebuiltRegion> {
  const done: DoneHour[] = [];
  const left: LeftHour[] = [];
  for (const [index, hour] of hours.entries()) {
    const made = await orFailure(() => (isDryRun ? planned(hour, ports) : makeFinal(hour, ports)));
    if (made.kind === 'unreachable') {
      const others = hours.slice(index + 1).map((each) => ({ hour: each, reason: 'not begun' }));
      return { region, done, left: [...left, { hour, reason: made.reason }, ...others] };
    }
    if (made.kind === 'left') left.push({ hour, reason: made.reason });
    else done.push(made.kind === 'made' ? doneHour(made.before, made.after) : made.done);
    progress(`${region} ${utcHour(hour)}: ${index + 1} of ${hours.length}, ${outcomeText(made)}`);
  }
  return { region, done, left };
}

type Outcome = MadeFinal | { readonly kind: 'planned'; readonly done: DoneHour };

async function planned(hour: string, ports: FinalPorts): Promise<Outcome> {
  const plan = await planHour(hour, ports);
  if (plan.kind === 'left') return { ...plan, hour };
  return { kind: 'planned', done: { hour, revision: plan.before?.revision ?? 0, segments: plan.segments } };
}

async function orFailure(
  work: () => Promise<Outcome>,
): Promise<Outcome | { readonly kind: 'unreachable'; readonly reason: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FiguresFailure) return { kind: 'unreachable', reason: error.message };
    throw error;
  }
}

function doneHour(
  before: HourState | undefined,
  { hour, revision, segments, events, figuresDigest }: HourState,
): DoneHour {
  const changed = before && isFinal(before) ? before.figuresDigest !== figuresDigest : undefined;
  return { hour, revision, segments, events, ...(changed !== undefined && { changed }) };
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind === 'left') return `LEFT: ${outcome.reason}`;
  return hourText(outcome.kind === 'made' ? doneHour(outcome.before, outcome.after) : outcome.done);
}

/** `revision 2 of 5 segments and 120 events, figures as before` */
export function hourText({ revision, segments, events, changed }: DoneHour): string {
  const size = `${plural(segments, 'segment')}${events === undefined ? '' : ` and ${plural(events, 'event')}`}`;
  if (events === undefined) {
    return revision === 0 ? `provisional, ${size}` : `final by revision ${revision}, ${size}`;
  }
  const news = changed ? 'figures CHANGED' : 'figures as before';
  return `revision ${revision} of ${size}${changed === undefined ? '' : `, ${news}`}`;
}
