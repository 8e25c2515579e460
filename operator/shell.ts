/** 0: done. 1: it was tried and did not work, or not everywhere. 2: the user's mistake, nothing was tried. */
export type ExitCode = 0 | 1 | 2;

/** What commands need from the process that runs them. */
export interface Shell {
  /** Results, one line each. */
  readonly out: (line: string) => void;
  /** What is wrong and what to do about it, one line each. */
  readonly error: (line: string) => void;
  /** Text of a file; throws the system's error. */
  readonly readFile: (path: string) => string;
  readonly exitWith: (code: ExitCode) => void;
}
