import { expect, test } from 'vitest';
import { processShell } from '../../../operator/cli/process-shell.ts';
import type { Shell } from '../../../operator/cli/shell.ts';
import { isAgreed } from '../../../operator/conversions/send-events.ts';

/** A shell whose person answers this, and what the command said. */
function shellThat(answer: string): { readonly shell: Shell; readonly said: string[] } {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const exitWith = (code: number) => say(`exit code ${code}`);
  const shell = { ...processShell, out: say, progress: say, error: say, exitWith, ask: async () => answer };
  return { shell, said };
}

test('money is sent when somebody says yes, at the terminal or by an option', async () => {
  for (const [answer, yes] of [['yes'], ['Y'], ['', true]] as const) {
    const { shell, said } = shellThat(answer);
    expect([await isAgreed('Send 2 decisions?', yes, shell), said]).toEqual([true, []]);
  }
});

test('money is not sent when nobody is there, or when the person says anything else', async () => {
  for (const answer of ['', 'no', 'yes please']) {
    const { shell, said } = shellThat(answer);
    expect(await isAgreed('Send 2 decisions?', undefined, shell)).toBe(false);
    expect(said).toEqual(['Nothing was sent: nobody said yes. In a script, give --yes.', 'exit code 2']);
  }
});
