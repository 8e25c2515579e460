import { createInterface } from 'node:readline';

/** The answer of the person at the terminal; empty when there is no terminal, or when the person ended the input. */
export function askTerminal(question: string): Promise<string> {
  if (!process.stdin.isTTY) return Promise.resolve('');
  // The question goes to stderr, so that stdout has only the result.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.once('close', () => resolve(''));
    terminal.question(question, (answer) => {
      resolve(answer.trim());
      terminal.close();
    });
  });
}
