import type { Clock } from '../core/ports.ts';
import type { LocalCloud } from '../local/handle.ts';

/** Something that an operator does while things are broken. */
export interface Step {
  /** ms after the load began. */
  readonly atMs: number;
  /** Arguments of the `keeptrack` command, for example `shift us-east-1 --away`. */
  readonly command: string;
}

export interface PlayedStep extends Step {
  readonly outcome: StepOutcome;
}

interface StepOutcome {
  readonly exitCode: number;
  /** What the command said was wrong. */
  readonly errors: readonly string[];
}

/** Runs `keeptrack` with these arguments. */
export type Operate = (args: readonly string[]) => Promise<StepOutcome>;

export interface StepListener {
  begun(step: Step): void;
  done(step: PlayedStep): void;
}

/** Runs each step in its time, against this cloud; resolves when the last one has ended. */
export function playSteps(
  cloud: LocalCloud,
  steps: readonly Step[],
  { clock, operate }: { readonly clock: Clock; readonly operate: Operate },
  listener: StepListener,
): Promise<readonly PlayedStep[]> {
  return Promise.all(
    steps.map(async (step) => {
      await clock.sleep(step.atMs);
      listener.begun(step);
      const outcome = await operate([...wordsOf(step.command), '--local', cloud.urls.console]);
      const played = { ...step, outcome };
      listener.done(played);
      return played;
    }),
  );
}

/** No argument of ours holds a space, so no quotes are needed. */
function wordsOf(command: string): string[] {
  return command.split(' ').filter((word) => word !== '');
}
