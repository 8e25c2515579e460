import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

/** Output and exit code of a command whose reader closes the pipe before anything is printed. */
function withoutReader(command: string): Promise<string> {
  // The third stream bypasses the pipe: it carries the command's stderr, and then its exit code.
  const script = `exec 3>&1; { ${command} 2>&3 3>&-; echo "exit code $?" >&3; } | true`;
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', script], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}

test.each([
  ['node --import tsx bin/keeptrack.ts --help', 0],
  ['node --import tsx bin/local.ts --help', 0],
  ['node --import tsx bin/drill.ts --list', 141],
])('%s ends without a message when the reader closes the pipe', async (command, exitCode) => {
  expect(await withoutReader(command)).toBe(`exit code ${exitCode}\n`);
});
