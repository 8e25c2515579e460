import { visible } from './visible-text.ts';

export interface Printer {
  /** Results, to stdout. */
  print(text: string): void;
  /** Errors and progress, to stderr. */
  printError(text: string): void;
}

/**
 * Prints to the process's own streams, with control codes made visible. A reader such as `head` may close the pipe
 * early. The rest of the output is then dropped silently, and `onReaderGone` is called once.
 */
export function openPrinter(onReaderGone: () => void = () => {}): Printer {
  let isReaderGone = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!isReaderGone) onReaderGone();
      isReaderGone = true;
    });
  }
  return {
    print: (text) => void process.stdout.write(`${visible(text)}\n`),
    printError: (text) => void process.stderr.write(`${visible(text)}\n`),
  };
}

/** Shells report this code for a program that SIGPIPE ended: 128 plus the signal's number. */
export const closedPipeExitCode = 141;
