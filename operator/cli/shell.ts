import type { Clock, Random } from '../../core/ports.ts';
import type { PostbackSender } from '../../lambda/notify/send-postback.ts';
import type { Http } from '../clients/http-client.ts';
import type { PrivateFiles } from './private-files.ts';

/** 0: done. 1: tried, and failed in part or as a whole. 2: a mistake of the user, and nothing was tried. */
export type ExitCode = 0 | 1 | 2;

/** The surroundings of a command: terminal, files, network, clock. */
export interface Shell {
  /** Prints a line of the result. With `--json` the whole result is one call. */
  readonly out: (line: string) => void;
  /** Prints one line that says what is wrong or what to do about it. */
  readonly error: (line: string) => void;
  /** Prints progress. It is no part of the result. */
  readonly progress: (line: string) => void;
  /** Asks the person at the terminal. Resolves to the trimmed answer, empty when nobody can be asked. */
  readonly ask: (question: string) => Promise<string>;
  /** The text of a file. Throws the system's error. */
  readonly readFile: (path: string) => string;
  /** Replaces the whole file or nothing. Throws the system's error. */
  readonly writeFile: (path: string, text: string) => void;
  readonly privateFiles: PrivateFiles;
  /** Where the operator's private key lies, unless a command names another file. `deployment`: its name. */
  readonly operatorKeyFile: (deployment: string) => string;
  readonly http: Http;
  /** Sends postbacks to partners by the code of `notify`. The caller closes it. */
  readonly openSender: () => PostbackSender;
  readonly clock: Clock;
  readonly random: Random;
  /** Recorded with switches. */
  readonly userName: string;
  /** Characters in a line of the terminal. Undefined when the result does not go to a terminal. */
  readonly widthColumns: number | undefined;
  readonly exitWith: (code: ExitCode) => void;
}
