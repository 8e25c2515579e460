import type { Clock } from '../../core/ports.ts';
import type { LocalCloud } from '../../local/handle.ts';
import { ledgerOf } from './region-figures.ts';

const attemptsMax = 10;
const againMs = 2_000;

/**
 * Asks the ledgers of all regions to make these hours final, and waits for their answers. An invocation may have to
 * wait for a scheduled run to end. Returns one line for each region whose ledger did not do it. A release without a
 * ledger is not asked.
 */
export async function askLedgers(
  cloud: LocalCloud,
  hours: readonly string[],
  clock: Clock,
): Promise<readonly string[]> {
  if (hours.length === 0) return [];
  const answers = await Promise.all(cloud.regions.map((region) => askLedger(cloud, region, hours, clock)));
  return answers.flat();
}

async function askLedger(
  cloud: LocalCloud,
  region: string,
  hours: readonly string[],
  clock: Clock,
): Promise<readonly string[]> {
  const name = ledgerOf(cloud, region);
  if (name === undefined) return [];
  const payload = JSON.stringify({ task: 'hours', hours, cause: 'drill' });
  for (let attempt = 1; ; attempt += 1) {
    const answer = await cloud.invokeFunction(region, name, payload);
    const problem = answer.kind === 'failed' ? `failed: ${answer.reason}` : leftIn(answer.payload);
    if (problem === undefined) return [];
    if (attempt === attemptsMax) return [`${region}'s ledger ${problem}`];
    await clock.sleep(againMs);
  }
}

interface LedgerAnswer {
  readonly hours?: readonly { readonly hour: string; readonly outcome: string; readonly why?: string }[];
  readonly daysLeft?: readonly string[];
}

/** The hours and days that a run left to the next one; undefined when it left none. */
function leftIn(payload: string): string | undefined {
  const { hours = [], daysLeft = [] } = JSON.parse(payload) as LedgerAnswer;
  const left = hours.filter(({ outcome }) => outcome === 'left').map(({ hour, why }) => `${hour} (${why ?? ''})`);
  const all = [...left, ...daysLeft.map((day) => `the visitors of ${day}`)];
  return all.length === 0 ? undefined : `left ${all.join(', ')}`;
}

/** Hours of log keys, for example `2026-11-23T05`, each once and sorted. */
export function hoursOfKeys(keys: Iterable<string>): readonly string[] {
  const hours = new Set<string>();
  for (const key of keys) {
    const [, day, hour] = /^log\/dt=(\d{4}-\d\d-\d\d)\/hr=(\d\d)\//.exec(key) ?? [];
    if (day !== undefined) hours.add(`${day}T${hour}`);
  }
  return [...hours].sort();
}
