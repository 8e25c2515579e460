import { answerText } from '../../core/call-outcome.ts';
import { limits } from '../../core/limits/limits.ts';
import { type DueIndex, withOutbox } from '../../core/postbacks/due-index.ts';
import { hoursBetween, outboxHourPrefix, parseOutboxKey } from '../../core/postbacks/outbox-key.ts';
import { LeftToNextRun, type NotifyRun } from './notify-run.ts';

const { outboxPagesMax, getBudgetMs } = limits.notify;

/** What home's outbox has from where an index ends. */
export interface OutboxNews {
  readonly keys: readonly string[];
  /** Everything that was written before this time and is there now is listed. */
  readonly listedToMs: number;
}

/** Lists at most some pages. The next look goes on where this one ended. */
export async function listOutbox(run: NotifyRun, { listedFrom }: Pick<DueIndex, 'listedFrom'>): Promise<OutboxNews> {
  const nowMs = run.nowMs();
  const fromMs = parseOutboxTime(listedFrom) ?? nowMs;
  const keys: string[] = [];
  let pages = 0;
  for (const hourMs of hoursBetween(fromMs, nowMs)) {
    let after: string | undefined = listedFrom;
    while (after !== undefined) {
      if (pages >= outboxPagesMax) return { keys, listedToMs: writtenAtMs(keys.at(-1)) ?? hourMs };
      pages += 1;
      const page = await listPage(run, outboxHourPrefix(hourMs), after);
      keys.push(...page.keys);
      after = page.next;
    }
  }
  return { keys, listedToMs: nowMs };
}

/** The index with what is new. */
export function addNews(index: DueIndex, { keys, listedToMs }: OutboxNews): DueIndex {
  return withOutbox(index, keys, listedToMs);
}

async function listPage(run: NotifyRun, prefix: string, after: string) {
  const listed = await run.ports.buckets.home.bucket.list(prefix, getBudgetMs, after);
  if (listed.kind === 'ok') return listed.value;
  throw new LeftToNextRun(`cannot list ${prefix}: ${answerText(listed.answer)}`);
}

function writtenAtMs(key: string | undefined): number | undefined {
  return key === undefined ? undefined : parseOutboxKey(key)?.writtenAtMs;
}

/** The hour in the beginning of a key. */
function parseOutboxTime(from: string): number | undefined {
  const [, hour] = /^ledger\/outbox\/(.{13})\//.exec(from) ?? [];
  const startMs = Date.parse(`${hour}:00:00.000Z`);
  return Number.isNaN(startMs) ? undefined : startMs;
}
