import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startLocalCloud } from '../../local/cloud.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { runKeeptrack } from '../operator/command-under-test.ts';
import { sampleLine } from '../sample-lines.ts';
import { eventually } from './cloud-under-test.ts';
import { runAws, runbookCommands, type Words } from './runbook-commands.ts';

/** Every command of the runbook, as it stands there and in its order, against a local cloud. */

vi.setConfig({ testTimeout: 400_000 });

/** What the local cloud has nothing like: AWS's own switches for what invokes functions, each asked for by name. */
const onlyOnAws: Readonly<Record<string, string>> = {
  'lambda list-event-source-mappings': 'the local mappings cannot be disabled, only paused by a fault',
  'lambda update-event-source-mapping': 'the same',
  'events list-rule-names-by-target': 'the local schedules cannot be disabled, only paused by a fault',
  'events enable-rule': 'the same',
};

/** They say how things are, and exit with 1 when something is not well: with a cloud that has just started, something may be. */
const reports: ReadonlySet<string> = new Set(['status', 'doctor', 'reconcile']);

const commands = runbookCommands();
const dataFolder = mkdtempSync(path.join(tmpdir(), 'keeptrack-runbook-'));
let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await startLocalCloud({ speed: 12, seed: 1, dataFolder });
  await eventually('both regions are well and store', () =>
    cloud.state().regions.every(({ healthy, bucket }) => healthy && bucket.segments > 0),
  );
}, 400_000);
afterAll(async () => {
  await cloud?.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

function keeptrack(words: Words) {
  return runKeeptrack([...words, '--local', cloud.urls.console], { files: files() });
}

/** What lies in the project's folder, where an operator runs the commands after a synthesis. */
function files(): Record<string, string> {
  const synthesized = path.join(dataFolder, 'cloud.out');
  const templates = readdirSync(synthesized).filter((name) => name.endsWith('.template.json'));
  return {
    'keeptrack.config.json': readFileSync('keeptrack.config.json', 'utf8'),
    ...Object.fromEntries(
      templates.map((name) => [path.join('cdk.out', name), readFileSync(path.join(synthesized, name), 'utf8')]),
    ),
  };
}

describe('the runbook', () => {
  test.each(commands.filter(([program]) => program === 'npx').map((words) => [words.join(' '), words] as const))(
    '%s',
    async (_, [, program, ...words]) => {
      expect(program).toBe('keeptrack');
      const { exitCode, out, error } = await keeptrack(words);
      const allowed = reports.has(words[0] ?? '') ? [0, 1] : [0];
      expect(allowed, [...out, ...error].join('\n')).toContain(exitCode);
      expect(out).not.toEqual([]);
    },
  );

  test.each(commands.filter(isOnLocalAws).map((words) => [words.join(' '), words] as const))('%s', async (_, words) => {
    await runAws(words, { endpoint: cloud.urls.endpoint, files: { 'body.ndjson': sampleLine(1, Date.now()) } });
  });

  test('has no other commands, but a few that only AWS can do, and says no more of these than there are', () => {
    const others = commands.filter((words) => words[0] !== 'npx' && !isOnLocalAws(words));
    expect(new Set(others.map(([program, ...words]) => `${program} ${actionOf(words)}`))).toEqual(
      new Set(Object.keys(onlyOnAws).map((action) => `aws ${action}`)),
    );
  });
});

function isOnLocalAws([program, ...words]: Words): boolean {
  return program === 'aws' && onlyOnAws[actionOf(words)] === undefined;
}

function actionOf(words: Words): string {
  return words.slice(0, 2).join(' ');
}
