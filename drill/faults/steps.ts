import { hourName } from '../../core/log/log-key.ts';
import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { askLedgers } from '../evidence/ask-ledger.ts';
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
  | { readonly kind: 'plant'; readonly what: PlantKind; readonly region: string };

export interface PlayedStep extends DrillStep {
  readonly outcome: StepOutcome;
  readonly plant?: PlantedObject;
}

interface StepOutcome {
  readonly exitCode: number;
  /** The error lines of the command. */
  readonly errors: readonly string[];
}

/** Runs `keeptrack` with these arguments. `output`: the lines of its result. */
export type Operate = (args: readonly string[]) => Promise<StepOutcome & { readonly output: readonly string[] }>;

export interface StepListener {
  begun(step: DrillStep): void;
  done(step: PlayedStep): void;
}

interface StepTools {
  readonly clock: Clock;
  readonly operate: Operate;
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
  { clock, operate }: StepTools,
): Promise<Pick<PlayedStep, 'outcome' | 'plant'>> {
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
  }
}

async function runCommand(
  { command, says }: Extract<StepAction, { kind: 'command' }>,
  console: string,
  operate: Operate,
): Promise<StepOutcome> {
  const { exitCode, output, errors } = await operate([...wordsOf(command), '--local', console]);
  const isSaid = says === undefined || [...output, ...errors].some((line) => line.includes(says));
  if (exitCode !== 0 || isSaid) return { exitCode, errors };
  return outcomeOf([`it does not say "${says}"`, ...output, ...errors]);
}

function outcomeOf(errors: readonly string[]): StepOutcome {
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
  }
}

/** Arguments are separated by spaces; quotes are not supported, since no argument holds a space. */
function wordsOf(command: string): string[] {
  return command.split(' ').filter((word) => word !== '');
}
