import { visible } from './visible-text.ts';

export interface Printer {
  /** Results, to stdout. */
  print(text: string): void;
  /** What went wrong and what is waited for, to stderr. */
  printError(text: string): void;
}

/**
 * Prints to the process's own streams, with control codes made visible. A reader such as `head` may close a pipe before
 * all is printed. The rest is then dropped without a word, and `onReaderGone` is called once.
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

/** What a shell reports of a program that a closed pipe ended: 128 and the number of SIGPIPE. */
export const closedPipeExitCode = 141;
