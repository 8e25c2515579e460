import type { Clock, Random } from '../../core/ports.ts';
import type { Http } from '../clients/http-client.ts';

/** 0: done. 1: it was tried and did not work, or not everywhere. 2: the user's mistake, nothing was tried. */
export type ExitCode = 0 | 1 | 2;

/** What commands need from the process that runs them. */
export interface Shell {
  /** Results, one line each; with `--json` the result is one of them. */
  readonly out: (line: string) => void;
  /** What is wrong and what to do about it, one line each. */
  readonly error: (line: string) => void;
  /** What is being waited for, for whoever looks on; no part of the result. */
  readonly progress: (line: string) => void;
  /** What a person typed, trimmed; empty when nobody can be asked. */
  readonly ask: (question: string) => Promise<string>;
  /** Text of a file; throws the system's error. */
  readonly readFile: (path: string) => string;
  /** Whole or not at all; throws the system's error. */
  readonly writeFile: (path: string, text: string) => void;
  readonly http: Http;
  readonly clock: Clock;
  readonly random: Random;
  /** Who runs the command, for what is recorded. */
  readonly userName: string;
  readonly exitWith: (code: ExitCode) => void;
}
