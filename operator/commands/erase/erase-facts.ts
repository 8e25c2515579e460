import type { LoggedEvent } from '../../../core/event/event.ts';
import { uuidTimeMs } from '../../../core/event/uuid.ts';
import { eraseFacts, factsIdOf } from '../../../core/figures/facts-block.ts';
import { inParallel } from '../../../core/in-parallel.ts';
import { minuteFactsPrefix } from '../../../core/ledger/object-keys.ts';
import { limits } from '../../../core/limits/limits.ts';
import { minuteStart } from '../../../core/log/log-key.ts';
import type { LogVersion, VersionedLog } from '../../clients/versioned-log.ts';

/** By the start of the minute, the ids by which facts of events are found (core/figures/facts-block.ts). */
export type FactsByMinute = Map<number, Set<string>>;

export function noteFacts(byMinute: FactsByMinute, events: readonly LoggedEvent[]): void {
  for (const event of events) {
    const id = factsIdOf(event);
    if (id === undefined) continue;
    const minuteStartMs = minuteStart(uuidTimeMs(event.id));
    byMinute.set(minuteStartMs, (byMinute.get(minuteStartMs) ?? new Set()).add(id));
  }
}

/**
 * Removes from both regions what postbacks would say of these events. All other facts of their minutes stay. Like the
 * erasure of a segment it can be interrupted at any point and repeated. Throws a LogFailure.
 */
export async function eraseFactsOf(logs: readonly VersionedLog[], byMinute: FactsByMinute): Promise<void> {
  const places = logs.flatMap((log) => [...byMinute].map(([minuteStartMs, ids]) => ({ log, minuteStartMs, ids })));
  await inParallel(places, limits.erasure.segmentsAtOnce, async ({ log, minuteStartMs, ids }) => {
    const versions = await log.versions(minuteFactsPrefix(minuteStartMs));
    for (const key of new Set(versions.map((version) => version.key))) {
      const ofKey = versions.filter((version) => version.key === key);
      await eraseInBlock(log, key, ofKey, ids);
    }
  });
}

/** The latest version alone says what counts, so no other version is looked at before it goes. */
async function eraseInBlock(
  log: VersionedLog,
  key: string,
  versions: readonly LogVersion[],
  ids: ReadonlySet<string>,
): Promise<void> {
  const latest = versions.find(({ isLatest, etag }) => isLatest && etag !== undefined);
  const erased = latest && eraseFacts(await log.read(key, latest.versionId), ids);
  if (erased?.kind === 'changed') await log.overwrite(key, erased.block);
  // Nobody can say what an unreadable block holds. Postbacks can do without it.
  const stays = erased?.kind === 'unchanged' ? latest?.versionId : undefined;
  const gone = versions.map(({ versionId }) => versionId).filter((versionId) => versionId !== stays);
  if (gone.length > 0) await log.remove(key, gone);
}
