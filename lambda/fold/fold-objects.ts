import { inParallel } from '../../core/in-parallel.ts';
import { FoldedSegments, readGroup } from '../../core/ledger/folded-segments.ts';
import {
  digestOf,
  foldKey,
  hourConversionsPrefix,
  hourFoldPrefix,
  type MinuteKind,
  minuteKinds,
  parseFoldKey,
  receivedPrefix,
} from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import type { FoldRun } from './run.ts';

export const minuteCount = 60;

/** The names of a minute's fold objects, of each kind. */
type MinuteNames = Readonly<Record<MinuteKind, Set<string>>>;

/** By kind, the names of what other minutes left to a minute. They hold for every generation. */
export type ReceivedNames = Readonly<Record<'firsts' | 'later', Set<string>>>;

/** The fold objects of one generation of an hour that its rows of conversions come from. */
export interface SalesObjects {
  readonly hourStartMs: number;
  readonly generation: number;
  /** 60 entries. */
  readonly minutes: readonly MinuteNames[];
  /** 60 entries. */
  readonly received: readonly ReceivedNames[];
}

/** The fold objects of one generation of an hour, of all runs so far. */
export interface FoldObjects extends SalesObjects {
  readonly segments: FoldedSegments;
  /** The names of the groups that `segments` comes from. */
  readonly groups: Set<string>;
  readonly seenAtMs: number;
}

/** The groups of an hour that were read, and what they have of its segments. */
interface KnownGroups {
  readonly names: Set<string>;
  readonly segments: FoldedSegments;
}

/** Groups never change, so an environment reads each only once. It remembers a few hours. */
export class GroupMemory {
  readonly #hours = new Map<string, KnownGroups>();

  /** `listed`: the names of all groups that exist. When a group that was read is gone, its blocks are gone too. */
  of(hourStartMs: number, generation: number, listed: ReadonlySet<string>): KnownGroups {
    const name = `${hourStartMs} ${generation}`;
    const held = this.#hours.get(name);
    const known =
      held && isWithin(held.names, listed) ? held : { names: new Set<string>(), segments: new FoldedSegments() };
    this.#hours.delete(name);
    this.#hours.set(name, known);
    for (const oldest of [...this.#hours.keys()].slice(0, -hoursRememberedMax)) this.#hours.delete(oldest);
    return known;
  }
}

const hoursRememberedMax = 4;

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

/** Longer than this, a look is not trusted: another run may have written fold objects meanwhile. */
const lookTrustedMs = 5_000;

export function isFresh(run: FoldRun, { seenAtMs }: FoldObjects): boolean {
  return run.nowMs() - seenAtMs <= lookTrustedMs;
}

export async function lookAtFold(
  run: FoldRun,
  hourStartMs: number,
  generation: number,
  memory: GroupMemory,
): Promise<FoldObjects> {
  const seenAtMs = run.nowMs();
  const minutes = emptyMinutes();
  const groups = new Set<string>();
  for (const { key } of await run.list(hourFoldPrefix(hourStartMs))) {
    const object = parseFoldKey(hourStartMs, key);
    if (object?.generation !== generation) continue;
    if (object.kind === 'group') groups.add(object.name);
    else minutes[object.minute]?.[object.kind].add(object.name);
  }
  const known = memory.of(hourStartMs, generation, groups);
  const unread = [...groups].filter((name) => !known.names.has(name));
  await inParallel(unread, limits.fold.readsAtOnce.leastCount, async (name) => {
    known.segments.add(await run.read(foldKey(hourStartMs, { kind: 'group', generation, name }), readGroup));
    known.names.add(name);
  });
  // A group is written after its blocks. So blocks that are listed after the groups are all there.
  const received = await listConversions(run, hourStartMs, generation, minutes);
  const { segments, names } = known;
  return { hourStartMs, generation, segments, groups: names, minutes, received, seenAtMs };
}

/** Looks only at what the rows of conversions come from. */
export async function lookAtSales(run: FoldRun, hourStartMs: number, generation: number): Promise<SalesObjects> {
  const minutes = emptyMinutes();
  return { hourStartMs, generation, minutes, received: await listConversions(run, hourStartMs, generation, minutes) };
}

async function listConversions(
  run: FoldRun,
  hourStartMs: number,
  generation: number,
  minutes: readonly MinuteNames[],
): Promise<readonly ReceivedNames[]> {
  const listed = await run.list(hourConversionsPrefix(hourStartMs));
  for (const { key } of listed) {
    const object = parseFoldKey(hourStartMs, key);
    if (object?.generation !== generation || object.kind === 'group') continue;
    minutes[object.minute]?.[object.kind].add(object.name);
  }
  return receivedIn(hourStartMs, listed);
}

function emptyMinutes(): readonly MinuteNames[] {
  return Array.from({ length: minuteCount }, () => {
    const sets = minuteKinds.map((kind) => [kind, new Set<string>()]);
    return Object.fromEntries(sets) as MinuteNames;
  });
}

/** By minute, what other minutes left to an hour, of all fold objects that are listed. */
export function receivedIn(hourStartMs: number, listed: readonly { readonly key: string }[]): readonly ReceivedNames[] {
  const names = Array.from({ length: minuteCount }, () => ({ firsts: new Set<string>(), later: new Set<string>() }));
  const prefix = receivedPrefix(hourStartMs);
  for (const { key } of listed) {
    const object = key.startsWith(prefix) ? parseFoldKey(hourStartMs, key) : undefined;
    if (object?.kind === 'firsts' || object?.kind === 'later') names[object.minute]?.[object.kind].add(object.name);
  }
  return names;
}

/** The digest over the names of what other minutes left to an hour. */
export function receivedDigest(received: readonly ReceivedNames[]): string {
  return digestOf(
    received.flatMap(({ firsts, later }, minute) => [
      ...[...firsts].sort().map((name) => `${minute} firsts ${name}`),
      ...[...later].sort().map((name) => `${minute} later ${name}`),
    ]),
  );
}
