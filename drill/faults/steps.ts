import { hourName } from '../../core/log/log-key.ts';
import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { askLedgers } from '../evidence/ask-ledger.ts';
import type { LaterWords, SaidWords } from '../load/later-words.ts';
import type { SaleStatus } from '../load/links.ts';
import type { OperatorWord, Verdict } from '../load/operator-words.ts';
import type { CommandOutcome, Operate } from '../operate.ts';
import { plantObject } from './plant-object.ts';
import type { PlantedObject, PlantKind } from './planted-object.ts';

/** An action during the drill, beside the load and the faults. */
export interface DrillStep {
  /** In ms after the load began. */
  readonly atMs: number;
  readonly action: StepAction;
}

export type StepAction =
  /**
   * Arguments of the `keeptrack` command, for example `shift us-east-1 --away`. `says`: a text that one of its lines must
   * contain.
   */
  | { readonly kind: 'command'; readonly command: string; readonly says?: string }
  /** The ledgers of all regions make the current hour final before it is over. */
  | { readonly kind: 'ledger' }
  | { readonly kind: 'plant'; readonly what: PlantKind; readonly region: string }
  /** An operator decides on `count` sales that the load has reported, by one file that is sent `times` times. */
  | { readonly kind: 'decide'; readonly verdict: Verdict; readonly count: number; readonly times: number }
  /** An operator adds `count` adjustments, by one file that is sent `times` times. */
  | { readonly kind: 'adjust'; readonly count: number; readonly times: number }
  /** Advertisers report `count` sales anew with this status, each twice. */
  | { readonly kind: 'report'; readonly status: SaleStatus; readonly count: number }
  /** The provisional figures of the region are right, or become right soon. */
  | { readonly kind: 'figures'; readonly region: string };

export interface PlayedStep extends DrillStep {
  readonly outcome: CommandOutcome;
  readonly plant?: PlantedObject;
  /** What an operator said in this step. */
  readonly words?: readonly OperatorWord[];
}

export interface StepListener {
  begun(step: DrillStep): void;
  done(step: PlayedStep): void;
}

interface StepTools {
  readonly clock: Clock;
  readonly operate: Operate;
  readonly later: LaterWords;
  /** What is wrong with the provisional figures of a region now. Waits a little for them to become right. */
  figuresProblems(region: string): Promise<readonly string[]>;
}

/** Takes each step at its time. Resolves when the last one has ended. */
export function playSteps(
  cloud: LocalCloud,
  steps: readonly DrillStep[],
  tools: StepTools,
  listener: StepListener,
): Promise<readonly PlayedStep[]> {
  return Promise.all(
    steps.map(async (step) => {
      await tools.clock.sleep(step.atMs);
      listener.begun(step);
      const played = { ...step, ...(await act(cloud, step.action, tools)) };
      listener.done(played);
      return played;
    }),
  );
}

async function act(
  cloud: LocalCloud,
  action: StepAction,
  { clock, operate, later, figuresProblems }: StepTools,
): Promise<Pick<PlayedStep, 'outcome' | 'plant' | 'words'>> {
  switch (action.kind) {
    case 'command':
      return { outcome: await runCommand(action, cloud.urls.console, operate) };
    case 'ledger':
      return { outcome: outcomeOf(await askLedgers(cloud, [hourName(clock.nowMs())], clock)) };
    case 'plant': {
      const planted = plantObject(cloud, action.what, action.region, clock.nowMs());
      if (planted === undefined)
        return { outcome: outcomeOf(['the logs do not hold a segment yet that it could be made from']) };
      return { outcome: outcomeOf([]), plant: planted };
    }
    case 'decide':
      return said(await later.decide(action.verdict, action.count, action.times));
    case 'adjust':
      return said(await later.adjust(action.count, action.times));
    case 'report':
      return said(await later.report(action.status, action.count));
    case 'figures':
      return { outcome: outcomeOf(await figuresProblems(action.region)) };
  }
}

function said({ errors, words }: SaidWords): Pick<PlayedStep, 'outcome' | 'words'> {
  return { outcome: outcomeOf(errors), words };
}

async function runCommand(
  { command, says }: Extract<StepAction, { kind: 'command' }>,
  console: string,
  operate: Operate,
): Promise<CommandOutcome> {
  const { exitCode, output, errors } = await operate([...wordsOf(command), '--local', console]);
  const isSaid = says === undefined || [...output, ...errors].some((line) => line.includes(says));
  if (exitCode !== 0 || isSaid) return { exitCode, errors };
  return outcomeOf([`it does not say "${says}"`, ...output, ...errors]);
}

function outcomeOf(errors: readonly string[]): CommandOutcome {
  return { exitCode: errors.length === 0 ? 0 : 1, errors };
}

/** The action as text for people. */
export function actionText(action: StepAction): string {
  switch (action.kind) {
    case 'command':
      return `keeptrack ${action.command}`;
    case 'ledger':
      return 'the ledgers make this hour final';
    case 'plant':
      return `${action.what} is put into ${action.what === 'rot' ? `the log of ${action.region}` : 'all logs'}`;
    case 'decide':
      return `an operator says ${action.verdict} to ${action.count} sales${timesText(action.times)}`;
    case 'adjust':
      return `an operator adds ${action.count} adjustments${timesText(action.times)}`;
    case 'report':
      return `advertisers report ${action.count} sales as ${action.status}, each twice`;
    case 'figures':
      return `the provisional figures of ${action.region} are right`;
  }
}

function timesText(times: number): string {
  return times === 1 ? '' : `, ${times} times`;
}

/** Arguments are separated by spaces; quotes are not supported, since no argument holds a space. */
function wordsOf(command: string): string[] {
  return command.split(' ').filter((word) => word !== '');
}
