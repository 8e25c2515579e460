import type { LoggedEvent } from '../../core/event/event.ts';
import { hourName } from '../../core/log/log-key.ts';
import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { askLedgers } from '../evidence/ask-ledger.ts';
import { alertsProblems } from '../evidence/told-alerts.ts';
import { killedExitCode } from '../killed-command.ts';
import type { LaterWords, SaidWords } from '../load/later-words.ts';
import type { SaleStatus } from '../load/links.ts';
import type { OperatorWord, Verdict } from '../load/operator-words.ts';
import type { CommandOutcome, Operate } from '../operate.ts';
import { attemptChange, type ChangeName } from './attempt-change.ts';
import { loseRegion } from './lose-region.ts';
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
   * contain. `killAfter`: the command is killed when the cloud has got so many more of these calls.
   */
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly says?: string;
      /** The exit code that it must have: 1 when it has to find something wrong. Absent = 0. */
      readonly exits?: number;
      readonly killAfter?: CallCount;
    }
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
  | { readonly kind: 'figures'; readonly region: string }
  /** Partners have got what the region's log calls for, or get it soon. */
  | { readonly kind: 'postbacks'; readonly region: string }
  /** The clock of the cloud is set forward. Schedules, time-outs and the load go on as before. */
  | { readonly kind: 'advance'; readonly ms: number }
  /** So many alerts have been told so far, all regions together, or are told soon. */
  | { readonly kind: 'alerts'; readonly count: number }
  /** The region loses everything that it holds, and then is like one that was just deployed. */
  | { readonly kind: 'lose'; readonly region: string }
  /** Somebody tries to change what only a control plane in us-east-1 changes. It must refuse, as on the day in question. */
  | { readonly kind: 'attempt'; readonly change: ChangeName };

/** `call`: such as `s3:CopyObject`. */
interface CallCount {
  readonly call: string;
  readonly count: number;
}

export interface PlayedStep extends DrillStep {
  readonly outcome: CommandOutcome;
  readonly plant?: PlantedObject;
  /** What an operator said in this step. */
  readonly words?: readonly OperatorWord[];
  /** Events that were lost with a region. */
  readonly gone?: readonly LoggedEvent[];
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
  /** Which postbacks partners lack now. Waits a little for them to come. */
  postbackProblems(region: string): Promise<readonly string[]>;
}

/**
 * Takes each step at its time. A command that is run several times begins again when it has ended. Resolves when the
 * last step has ended.
 */
export function playSteps(
  cloud: LocalCloud,
  steps: readonly DrillStep[],
  tools: StepTools,
  listener: StepListener,
): Promise<readonly PlayedStep[]> {
  const running = new Map<string, Promise<unknown>>();
  const play = async (step: DrillStep, before: Promise<unknown> | undefined): Promise<PlayedStep> => {
    await tools.clock.sleep(step.atMs);
    await before;
    listener.begun(step);
    const played = { ...step, ...(await act(cloud, step.action, tools)) };
    listener.done(played);
    return played;
  };
  const inOrder = steps.toSorted((one, other) => one.atMs - other.atMs);
  return Promise.all(
    inOrder.map((step) => {
      const name = step.action.kind === 'command' ? step.action.command : '';
      const played = play(step, name === '' ? undefined : running.get(name));
      running.set(name, played);
      return played;
    }),
  );
}

async function act(
  cloud: LocalCloud,
  action: StepAction,
  { clock, operate, later, figuresProblems, postbackProblems }: StepTools,
): Promise<Pick<PlayedStep, 'outcome' | 'plant' | 'words' | 'gone'>> {
  switch (action.kind) {
    case 'command':
      return { outcome: await runCommand(action, cloud, { clock, operate }) };
    case 'ledger':
      return { outcome: outcomeOf(await askLedgers(cloud, [hourName(cloud.state().nowMs)], clock)) };
    case 'plant': {
      const planted = plantObject(cloud, action.what, action.region, cloud.state().nowMs);
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
    case 'alerts':
      return { outcome: outcomeOf(await alertsProblems(cloud, clock, action.count)) };
    case 'postbacks':
      return { outcome: outcomeOf(await postbackProblems(action.region)) };
    case 'lose':
      return { gone: loseRegion(cloud, action.region), outcome: outcomeOf([]) };
    case 'advance':
      cloud.advance(action.ms);
      return { outcome: outcomeOf([]) };
    case 'attempt': {
      const { status, text } = await attemptChange(cloud.urls.endpoint, action.change);
      const isFrozen = status === 503 && text.includes('ServiceUnavailable');
      return { outcome: outcomeOf(isFrozen ? [] : [`the control plane answered ${status}: ${text}`]) };
    }
  }
}

function said({ errors, words }: SaidWords): Pick<PlayedStep, 'outcome' | 'words'> {
  return { outcome: outcomeOf(errors), words };
}

type CommandAction = Extract<StepAction, { kind: 'command' }>;
type CommandTools = Pick<StepTools, 'clock' | 'operate'>;

async function runCommand(action: CommandAction, cloud: LocalCloud, tools: CommandTools): Promise<CommandOutcome> {
  const { command, says, exits = 0, killAfter } = action;
  const args = [...wordsOf(command), '--local', cloud.urls.console];
  if (killAfter) return runAndKill(args, killAfter, cloud, tools);
  const { exitCode, output, errors } = await tools.operate(args);
  const isSaid = says === undefined || [...output, ...errors].some((line) => line.includes(says));
  if (exitCode !== exits) return exitCode === 0 ? outcomeOf(['it found nothing wrong']) : { exitCode, errors };
  if (isSaid) return { exitCode: 0, errors };
  return outcomeOf([`it does not say "${says}"`, ...output, ...errors]);
}

const lookIntervalMs = 10;

async function runAndKill(
  args: readonly string[],
  { call, count }: CallCount,
  cloud: LocalCloud,
  { clock, operate }: CommandTools,
): Promise<CommandOutcome> {
  const made = () => cloud.state().calls[call] ?? 0;
  const killAt = made() + count;
  const killing = new AbortController();
  let hasEnded = false;
  const ended = operate(args, killing.signal).finally(() => {
    hasEnded = true;
  });
  while (!hasEnded && made() < killAt) await clock.sleep(lookIntervalMs);
  killing.abort();
  const { exitCode, errors } = await ended;
  return outcomeOf(exitCode === killedExitCode ? [] : [`it ended with ${exitCode} before it was killed`, ...errors]);
}

function outcomeOf(errors: readonly string[]): CommandOutcome {
  return { exitCode: errors.length === 0 ? 0 : 1, errors };
}

/** The action as text for people. */
export function actionText(action: StepAction): string {
  switch (action.kind) {
    case 'command':
      return `keeptrack ${action.command}${action.killAfter ? ', which is killed' : ''}`;
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
    case 'alerts':
      return `${action.count} alerts have been told`;
    case 'postbacks':
      return `partners have got what the log of ${action.region} calls for`;
    case 'lose':
      return `${action.region} loses everything that it holds, for ever`;
    case 'advance':
      return `the clock is set forward by ${action.ms / 60_000} min`;
    case 'attempt':
      return `${action.change} is tried and refused`;
  }
}

function timesText(times: number): string {
  return times === 1 ? '' : `, ${times} times`;
}

/** Arguments are separated by spaces; quotes are not supported, since no argument holds a space. */
function wordsOf(command: string): string[] {
  return command.split(' ').filter((word) => word !== '');
}
