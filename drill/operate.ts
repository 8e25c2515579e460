export interface CommandOutcome {
  readonly exitCode: number;
  /** The error lines of the command. */
  readonly errors: readonly string[];
}

/** Runs `keeptrack` with these arguments. `output`: the lines of its result. */
export type Operate = (args: readonly string[]) => Promise<CommandOutcome & { readonly output: readonly string[] }>;
