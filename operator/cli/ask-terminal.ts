import { createInterface } from 'node:readline';

/** Asks the person at the terminal; empty when there is none, or when the question was broken off. */
export function askTerminal(question: string): Promise<string> {
  if (!process.stdin.isTTY) return Promise.resolve('');
  // On stderr, so that what goes on to a file or another program is the result alone.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(''));
    terminal.question(question, (answer) => {
      resolve(answer.trim());
      terminal.close();
    });
  });
}
