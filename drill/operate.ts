export interface CommandOutcome {
  readonly exitCode: number;
  /** The error lines of the command. */
  readonly errors: readonly string[];
}

/**
 * Runs `keeptrack` with these arguments. `output`: the lines of its result. With `killing` it runs in a process of its
 * own, and the signal kills it.
 */
export type Operate = (
  args: readonly string[],
  killing?: AbortSignal,
) => Promise<CommandOutcome & { readonly output: readonly string[] }>;
