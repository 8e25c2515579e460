import { capCountsKey, parseCapCounts } from '../../../core/caps/cap-counts.ts';
import type { NotifyRun } from '../notify-run.ts';
import type { CapFacts } from './ports.ts';

/** Home's counts of caps. Undefined when there are none. Throws a LeftToNextRun while home does not tell. */
export async function readCapCounts(run: NotifyRun): Promise<CapFacts | undefined> {
  const { home } = run.ports.regions;
  return (await run.find(capCountsKey(home), (bytes) => parseCapCounts(home, bytes)))?.value;
}
