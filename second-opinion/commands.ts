import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { awsCommandsIn } from './command-lines.ts';
import type { Outcome } from './outcome.ts';
import { runWell } from './processes.ts';
import { awsEnvironment, projectFolder, type Workplace } from './workplace.ts';

/** Values of variables and placeholders that must look like what they are. Any other gets a UUID. */
const values = {
  REGION: 'us-east-1',
  PRIMARY: 'us-east-1',
  STANDBY: 'us-west-2',
  GOOD: 'us-east-1',
  OTHER: 'us-west-2',
  ACCOUNT: '111122223333',
  NAME: 'keeptrack',
  STACK: 'Keeptrack',
  SINCE: '1796000000000',
  YESTERDAY: '1796000000000',
};

/** What stands in a file that an option names, where an empty object will not do. */
const contents: Readonly<Record<string, string>> = {
  '--change-batch': JSON.stringify({
    Changes: [{ Action: 'DELETE', ResourceRecordSet: { Name: 'go.example.com', Type: 'A' } }],
  }),
};

const verdicts = z.array(z.string().nullable());

/** Has the AWS CLI parse each of its lines in the docs, to the point where it would send the call. */
export async function commands(workplace: Workplace): Promise<Outcome> {
  const lines = pages().flatMap((page) =>
    awsCommandsIn(readFileSync(join(projectFolder, page), 'utf8'), values).map((found) => ({ page, ...found })),
  );
  if (lines.length === 0) throw new Error('the docs hold no line that calls the AWS CLI');
  workplace.progress(`the AWS CLI parses ${lines.length} command lines`);
  for (const { words } of lines) provideFiles(words, workplace.folder);
  const { stdout } = await runWell({
    file: join(workplace.pythonPrograms, 'python'),
    args: [join(import.meta.dirname, 'server', 'parse_commands.py')],
    folder: workplace.folder,
    env: { ...awsEnvironment(workplace.folder), PYTHONDONTWRITEBYTECODE: '1' },
    input: JSON.stringify(lines.map(({ words, isMention }) => ({ words: words.slice(1), isMention }))),
    limitMs: 300_000,
  });
  const differences = verdicts
    .parse(JSON.parse(stdout))
    .flatMap((verdict, index) => (verdict === null ? [] : [`${placeOf(lines[index])}: ${verdict}`]));
  return { compared: `${lines.length} lines of the docs that call the AWS CLI`, differences };
}

function pages(): readonly string[] {
  const docs = readdirSync(join(projectFolder, 'docs'), { recursive: true, encoding: 'utf8' });
  return [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'test/contract/README.md', 'second-opinion/README.md'],
    ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ];
}

/** The CLI reads the files that a line names: after `file://`, and as the body of an object. */
function provideFiles(words: readonly string[], folder: string): void {
  for (const [index, word] of words.entries()) {
    const name = words[index - 1] === '--body' ? word : /^file:\/\/(.*)$/.exec(word)?.[1];
    if (name === undefined || !/^[\w.-]+$/.test(name)) continue;
    writeFileSync(join(folder, name), contents[words[index - 1] ?? ''] ?? '{}');
  }
}

function placeOf(line: { readonly page: string; readonly words: readonly string[] } | undefined): string {
  return line === undefined ? '' : `${line.page}: ${line.words.slice(0, 3).join(' ')}`;
}
