import {
  type AttemptEnd,
  encodeHealthBook,
  type HealthBook,
  healthKey,
  joinedBooks,
  parseHealthBook,
  withAttempts,
} from '../../core/postbacks/suspension.ts';
import type { NotifyRun } from './notify-run.ts';

const form = { encode: encodeHealthBook, parse: parseHealthBook };
const nobody: HealthBook = new Map();

/** What both regions know of the postbacks' health. */
export async function readHealth(run: NotifyRun): Promise<HealthBook> {
  const atHome = (await run.find(healthKey, parseHealthBook))?.value ?? nobody;
  const atPeer = await run.findAtPeer(healthKey, parseHealthBook);
  return typeof atPeer === 'object' ? joinedBooks(atHome, atPeer.value) : atHome;
}

/** Adds how attempts ended. `known`: the book that the run began with. Gives the book as it is now. */
export async function noteHealth(run: NotifyRun, known: HealthBook, ends: readonly AttemptEnd[]): Promise<HealthBook> {
  if (ends.length === 0) return known;
  const noted = await run.update<HealthBook>(healthKey, form, (before = nobody) =>
    withAttempts(joinedBooks(before, known), ends),
  );
  const after = noted ?? known;
  await run.updateAtPeer<HealthBook>(healthKey, form, (before = nobody) => joinedBooks(before, after));
  return after;
}
