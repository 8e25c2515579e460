import type { Catalog } from '../../core/catalog/catalog.ts';
import { parsePublications, publicationsKey } from '../../core/catalog/publications.ts';
import { catalogKey, parseSnapshot } from '../../core/catalog/snapshot.ts';
import type { FiringRules } from '../../core/postbacks/firing.ts';
import {
  encodeKnownStandings,
  type KnownStandings,
  knownStandingsKey,
  noStandings,
  parseKnownStandings,
  standingName,
  withPostbacks,
} from '../../core/postbacks/known-standings.ts';
import { type MatchPostbacks, matchingPostbacks } from '../../core/postbacks/matching-postbacks.ts';
import { LeftToNextRun, type NotifyRun } from './notify-run.ts';

/** What the catalog in force says about postbacks. */
export interface PostbackRules {
  readonly catalog: Catalog;
  readonly match: MatchPostbacks;
  readonly sinceMs: FiringRules['sinceMs'];
}

/** The catalog of an earlier run of this environment. Parsing a large one takes long. */
export interface CatalogMemory {
  held?: { readonly text: string; readonly catalog: Catalog };
}

/** Throws a LeftToNextRun while no bucket has a catalog that can be read. */
export async function readRules(run: NotifyRun, memory: CatalogMemory): Promise<PostbackRules> {
  const catalog = await readCatalog(run, memory);
  const known = await noteStandings(run, catalog);
  return {
    catalog,
    match: matchingPostbacks(catalog.postbacks),
    sinceMs: (postbackId, standing) =>
      known.sinceMs.get(standingName(postbackId, standing)) ?? Number.POSITIVE_INFINITY,
  };
}

/** The catalog in force. Throws a LeftToNextRun while no bucket has one that can be read. */
export async function readCatalog(run: NotifyRun, memory: CatalogMemory): Promise<Catalog> {
  const parse = (bytes: Uint8Array) => {
    const text = Buffer.from(bytes).toString();
    if (memory.held?.text === text) return memory.held.catalog;
    const parsed = parseSnapshot(text);
    if (parsed.kind === 'invalid') return undefined;
    memory.held = { text, catalog: parsed.catalog };
    return parsed.catalog;
  };
  const atHome = await run.find(catalogKey, parse).catch(() => undefined);
  if (atHome !== undefined) return atHome.value;
  const atPeer = await run.findAtPeer(catalogKey, parse);
  if (typeof atPeer === 'object') return atPeer.value;
  throw new LeftToNextRun('no catalog can be read');
}

async function noteStandings(run: NotifyRun, { postbacks }: Catalog): Promise<KnownStandings> {
  if (postbacks.size === 0) return noStandings;
  const publications = (await run.find(publicationsKey, parsePublications))?.value ?? [];
  const form = { encode: encodeKnownStandings, parse: parseKnownStandings };
  const known = await run.update<KnownStandings>(knownStandingsKey, form, (before = noStandings) => {
    const after = withPostbacks(before, postbacks.values(), publications, run.nowMs());
    return after === before ? undefined : after;
  });
  return known ?? noStandings;
}
