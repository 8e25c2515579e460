import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../local/synthesize.ts';

/** Synthesizes the app once for all local clouds of the end-to-end tests; `inject('assembly')` gives the folder. */

declare module 'vitest' {
  interface ProvidedContext {
    assembly: string;
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'keeptrack-assembly-'));

export async function setup({ provide }: TestProject): Promise<void> {
  const assembly = path.join(folder, 'cloud.out');
  await synthesize(process.cwd(), 'keeptrack.config.json', assembly);
  provide('assembly', assembly);
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
