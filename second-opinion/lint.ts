import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Door, doors, synthesizeDoor } from './doors.ts';
import type { Outcome } from './outcome.ts';
import { run } from './processes.ts';
import { awsEnvironment, type Workplace } from './workplace.ts';

const findings = z.array(
  z.object({ Level: z.string(), Rule: z.object({ Id: z.string(), ShortDescription: z.string() }) }),
);

/** Has cfn-lint read the templates with each door. A rule is one difference, however many resources break it. */
export async function lint(workplace: Workplace): Promise<Outcome> {
  const differences: string[] = [];
  let templates = 0;
  for (const door of doors) {
    workplace.progress(`${door}: synthesizing, then cfn-lint`);
    const { assembly } = await synthesizeDoor(door, workplace.folder);
    const files = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
    templates += files.length;
    const paths = files.map((name) => join(assembly, name));
    differences.push(...(await lintFiles(door, paths, workplace)));
  }
  return { compared: `${templates} templates (${doors.join(', ')})`, differences };
}

async function lintFiles(door: Door, files: readonly string[], workplace: Workplace): Promise<readonly string[]> {
  const { stdout, stderr } = await run({
    file: join(workplace.pythonPrograms, 'cfn-lint'),
    args: ['--format', 'json', '--', ...files],
    folder: workplace.folder,
    env: awsEnvironment(workplace.folder),
    limitMs: 180_000,
  });
  if (!stdout.startsWith('[')) throw new Error(`cfn-lint gave no list: ${stderr}`);
  const list = findings.parse(JSON.parse(stdout));
  return list.map(({ Level, Rule }) => `${door}: ${Level.toLowerCase()} ${Rule.Id}: ${Rule.ShortDescription}`);
}
