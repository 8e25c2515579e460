import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runKeeptrack } from './operator/command-under-test.ts';

/** What the guides point to is there: pages and headings, files of the project, commands, and what the doctor says. */

const guides = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
].map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe.each(guides)('$file', ({ file, text }) => {
  test('links to pages and headings that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !leadsSomewhere(file, link))).toEqual([]);
  });

  test('names files of the project that are there', () => {
    const paths = [
      ...text.matchAll(/`((?:core|eventlog|lib|lambda|local|operator|drill|bench|test|docs)\/[\w./-]+\.\w+)`/g),
    ];
    expect(paths.map(([, name = '']) => name).filter((name) => !existsSync(name))).toEqual([]);
  });
});

function leadsSomewhere(from: string, link: string): boolean {
  const [page = '', heading] = link.split('#');
  const target = page === '' ? from : path.join(path.dirname(from), page);
  if (!existsSync(target)) return false;
  return heading === undefined || headingsOf(readFileSync(target, 'utf8')).includes(heading);
}

/** As GitHub makes anchors of them. */
function headingsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe('commands of keeptrack in the guides', () => {
  const asked = guides.flatMap(({ file, text }) =>
    [...text.matchAll(/npx keeptrack ((?:[^`\n&|;#]|`(?=\w))+)/g)].map(([, words = '']) => ({
      file,
      words: words.trim(),
    })),
  );
  /** Help text by command. */
  const helps = new Map<string, string>();

  beforeAll(async () => {
    for (const { words } of asked) {
      const name = nameOf(words);
      if (name !== '' && !helps.has(name))
        helps.set(name, (await runKeeptrack([...name.split(' '), '--help'])).out.join('\n'));
    }
  });

  test('exist, with each option that is given', () => {
    expect(asked.length).toBeGreaterThan(50);
    const unknown = asked.filter(({ words }) => {
      const help = helps.get(nameOf(words)) ?? '';
      const options = [...words.matchAll(/(?:^|\s|\[)(--[a-z-]+)/g)].map(([, option = '']) => option);
      if (nameOf(words) === '') return false;
      return (
        !help.startsWith(`Usage: keeptrack ${nameOf(words)}`) ||
        options.some((option) => !new RegExp(`${option}(?![\\w-])`).test(help))
      );
    });
    expect(unknown).toEqual([]);
  });
});

const withSubcommands = new Set([
  'advertisers',
  'catalog',
  'keys',
  'operators',
  'periods',
  'conversions',
  'adjustments',
  'postbacks',
  'regions',
]);

/** The command without its arguments; empty for what is all options, or an ellipsis. */
function nameOf(words: string): string {
  const [first = '', second = ''] = words.split(/\s+/);
  if (!/^[a-z-]+$/.test(first)) return '';
  return withSubcommands.has(first) && /^[a-z-]+$/.test(second) ? `${first} ${second}` : first;
}

describe('what the guides say that the doctor looks at', () => {
  const sources = readdirSync('operator/commands/doctor').map((name) =>
    readFileSync(path.join('operator/commands/doctor', name), 'utf8'),
  );
  const said = sources.join('\n').replace(/\$\{[^}]*\}/g, '…');
  const [table = ''] = (readFileSync('docs/operations.md', 'utf8').split('## doctor')[1] ?? '').split('\n## ');
  const rows = [...table.matchAll(/^\| .*$/gm)].flatMap(([row]) => italics(row));

  test('is in its findings, word by word', () => {
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !said.includes(row.replace(/^(?:function|table) …: /, '')))).toEqual([]);
  });

  test('is in the runbook by the same words, so that nobody is sent to a check that does not exist', () => {
    const sections = readFileSync('docs/runbook.md', 'utf8').split(/^## /m);
    const sent = sections.filter((section) => section.includes('`doctor`')).flatMap(italics);
    expect(sent.length).toBeGreaterThanOrEqual(5);
    expect(sent.filter((check) => !rows.includes(check))).toEqual([]);
    // A section that runs the doctor says what to read there.
    const mute = sections.filter((section) => section.includes('keeptrack doctor') && italics(section).length === 0);
    expect(mute).toEqual([]);
  });
});

/** What stands between single asterisks. */
function italics(text: string): string[] {
  return [...text.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].map(([, words = '']) => words);
}
