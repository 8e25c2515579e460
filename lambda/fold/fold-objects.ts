import { inParallel } from '../../core/in-parallel.ts';
import { FoldedSegments, readGroup } from '../../core/ledger/folded-segments.ts';
import {
  digestOf,
  foldKey,
  foreignFirstsPrefix,
  hourFoldPrefix,
  type MinuteKind,
  minuteKinds,
  parseFoldKey,
} from '../../core/ledger/object-keys.ts';
import { limits } from '../../core/limits/limits.ts';
import type { FoldRun } from './run.ts';

export const minuteCount = 60;

/** The names of a minute's fold objects, of each kind. */
type MinuteNames = Readonly<Record<MinuteKind, Set<string>>>;

/** The fold objects of one generation of an hour, of all runs so far. */
export interface FoldObjects {
  readonly hourStartMs: number;
  readonly generation: number;
  readonly segments: FoldedSegments;
  /** The names of the groups that `segments` comes from. */
  readonly groups: Set<string>;
  /** 60 entries. */
  readonly minutes: readonly MinuteNames[];
  /** By minute, the names of `firsts` that other hours left. They hold for every generation. */
  readonly foreignFirsts: readonly Set<string>[];
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
  const listed = await run.list(hourFoldPrefix(hourStartMs));
  const minutes = emptyMinutes();
  const groups = new Set<string>();
  for (const { key } of listed) {
    const object = parseFoldKey(hourStartMs, key);
    if (object?.generation !== generation) continue;
    if (object.kind === 'group') groups.add(object.name);
    else minutes[object.minute]?.[object.kind].add(object.name);
  }
  const foreignFirsts = foreignFirstsIn(hourStartMs, listed);
  const known = memory.of(hourStartMs, generation, groups);
  const unread = [...groups].filter((name) => !known.names.has(name));
  await inParallel(unread, limits.fold.readsAtOnce.leastCount, async (name) => {
    known.segments.add(await run.read(foldKey(hourStartMs, { kind: 'group', generation, name }), readGroup));
    known.names.add(name);
  });
  const { segments, names } = known;
  return { hourStartMs, generation, segments, groups: names, minutes, foreignFirsts, seenAtMs };
}

function emptyMinutes(): readonly MinuteNames[] {
  return Array.from({ length: minuteCount }, () => {
    const sets = minuteKinds.map((kind) => [kind, new Set<string>()]);
    return Object.fromEntries(sets) as MinuteNames;
  });
}

/** By minute, the names of `firsts` that other hours left to an hour, of all fold objects that are listed. */
export function foreignFirstsIn(
  hourStartMs: number,
  listed: readonly { readonly key: string }[],
): readonly Set<string>[] {
  const names = Array.from({ length: minuteCount }, () => new Set<string>());
  const prefix = foreignFirstsPrefix(hourStartMs);
  for (const { key } of listed) {
    const object = key.startsWith(prefix) ? parseFoldKey(hourStartMs, key) : undefined;
    if (object?.kind === 'firsts') names[object.minute]?.add(object.name);
  }
  return names;
}

/** The digest over the names of `firsts` that other hours left to an hour. */
export function foreignFirstsDigest(foreignFirsts: readonly ReadonlySet<string>[]): string {
  return digestOf(foreignFirsts.flatMap((names, minute) => [...names].sort().map((name) => `${minute} ${name}`)));
}
