import { encodeLine } from '../../core/event/event.ts';
import {
  AccountBook,
  type EventAccount,
  type SegmentAccount,
  segmentAccount,
  totalAccount,
} from '../../core/log/accounting.ts';
import { goneEvents } from '../faults/lose-region.ts';
import type { Evidence } from './evidence.ts';
import { isFailureQueue, isIntakeQueue } from './queue-role.ts';

/** I9 as operators see it: where each numbered event is, and where each segment is. */
export function accountingTotals({
  logs,
  queues,
  functionLines,
  steps,
}: Pick<Evidence, 'logs' | 'queues' | 'functionLines' | 'steps'>): {
  readonly events: EventAccount;
  readonly segments: SegmentAccount;
} {
  const book = new AccountBook(logs.map(({ region }) => region));
  for (const { region, segments } of logs) {
    for (const { lines } of segments.values()) for (const line of lines) book.addLogged(region, line);
  }
  const linesOf = (isMeant: (name: string) => boolean) =>
    queues.filter(({ name }) => isMeant(name)).flatMap(({ lines }) => lines);
  const accounts = book.accounts({
    intake: linesOf(isIntakeQueue),
    owed: linesOf(isFailureQueue),
    // What was lost with its region is accounted for: the drill has seen it there.
    printed: [...functionLines.map(({ event }) => event), ...goneEvents(steps).values()].map(encodeLine),
    unreachable: [],
  });
  const owedKeys = new Set(queues.flatMap((queue) => [...queue.owedKeys]));
  return {
    events: totalAccount(accounts),
    segments: segmentAccount(
      logs.map(({ segments }) => new Set(segments.keys())),
      owedKeys,
    ),
  };
}
