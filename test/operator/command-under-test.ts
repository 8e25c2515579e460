import { systemClock } from '../../lambda/aws/system-clock.ts';
import { systemRandom } from '../../lambda/aws/system-random.ts';
import { keeptrack } from '../../operator/cli/keeptrack.ts';
import type { ExitCode, Shell } from '../../operator/cli/shell.ts';
import { nodeHttp } from '../../operator/clients/http-client.ts';

export interface Finished {
  readonly exitCode: ExitCode;
  readonly out: readonly string[];
  readonly error: readonly string[];
  readonly progress: readonly string[];
  /** Questions that the command asked. */
  readonly questions: readonly string[];
  /** Files that the command wrote, by path. */
  readonly written: Readonly<Record<string, string>>;
}

export interface Circumstances
  extends Partial<Pick<Shell, 'ask' | 'http' | 'openSender' | 'clock' | 'userName' | 'widthColumns'>> {
  /** Texts of files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The answer to every question; absent = nobody can be asked. */
  readonly answers?: string;
}

/** Runs the whole program as `bin/keeptrack.ts` does, and keeps its output. */
export async function runKeeptrack(args: readonly string[], circumstances: Circumstances = {}): Promise<Finished> {
  const { files = {}, answers = '', ...replaced } = circumstances;
  const printed = { out: [] as string[], error: [] as string[], progress: [] as string[], questions: [] as string[] };
  const written: Record<string, string> = {};
  const exitCode = await keeptrack(args, {
    out: (line) => printed.out.push(line),
    error: (line) => printed.error.push(line),
    progress: (line) => printed.progress.push(line),
    ask: async (question) => {
      printed.questions.push(question);
      return answers;
    },
    readFile: (path) => {
      const text = written[path] ?? files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    writeFile: (path, text) => {
      written[path] = text;
    },
    privateFiles: {
      read: (path) => written[path] ?? files[path],
      write: (path, text) => {
        written[path] = text;
      },
      rename: (from, to) => {
        written[to] = written[from] ?? files[from] ?? '';
        delete written[from];
      },
    },
    operatorKeyFile: (deployment) => `/home/ada/.keeptrack/${deployment}-operator.json`,
    http: nodeHttp,
    openSender: () => {
      throw new Error('the test gives no sender');
    },
    clock: systemClock,
    random: systemRandom,
    userName: 'ada',
    widthColumns: undefined,
    ...replaced,
  });
  return { exitCode, ...printed, written };
}
