import { figure, textTable } from './text-table.ts';

/** A promise with its number, and what was found. */
export interface Target {
  readonly says: string;
  readonly wanted: string;
  readonly found: string;
  readonly isMet: boolean;
}

export function most(says: string, wanted: number, found: number, format: (value: number) => string = figure): Target {
  return { says, wanted: `at most ${wanted}`, found: format(found), isMet: found <= wanted };
}

export function least(says: string, wanted: number, found: number): Target {
  return { says, wanted: `at least ${wanted}`, found: figure(found), isMet: found >= wanted };
}

export function targetTable(targets: readonly Target[]): readonly string[] {
  const rows = targets.map(({ says, wanted, found, isMet }) => [says, wanted, found, isMet ? 'met' : 'NOT MET']);
  return textTable(['target', 'wanted', 'found', ''], rows);
}
