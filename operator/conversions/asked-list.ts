import type { Command } from 'commander';
import type { OperatorKeys } from '../../core/keys/operator-keys.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import type { GlobalOptions } from '../cli/global-options.ts';
import type { Shell } from '../cli/shell.ts';
import { openDeployment } from '../clients/deployment.ts';
import { askPublishedKeys } from '../clients/operator-key-lists.ts';
import { askedHours } from '../figures/asked-hours.ts';
import { idList } from '../figures/id-list.ts';
import type { RangeOptions } from '../figures/quarter-range.ts';
import type { ConversionSource } from './conversion-source.ts';
import { withConversions } from './open-conversions.ts';
import type { AddOverCaps } from './over-caps.ts';

/** The options of a command that lists conversions or adjustments of some days. */
export interface ListOptions extends GlobalOptions, RangeOptions {
  readonly offer?: readonly number[];
  readonly affiliate?: readonly number[];
  readonly csv?: true;
}

export function addOwnerOptions(command: Command): Command {
  return command
    .option('--offer <ids>', 'only these offers, with commas', idList)
    .option('--affiliate <ids>', 'only these affiliates', idList);
}

/** What a list is made of. */
export interface AskedList {
  readonly source: ConversionSource;
  readonly keys: OperatorKeys;
  readonly addOverCaps: AddOverCaps;
  /** Starts of the hours that the options touch. */
  readonly hours: readonly number[];
  /** Whether the options ask for a time (ms since the epoch), an offer and an affiliate. */
  isAsked(timeMs: number, offer: unknown, affiliate: unknown): boolean;
}

/** Opens what the options ask for. When they are wrong, or no key list can be read, it prints why and never runs `use`. */
export async function withAskedList(
  options: ListOptions,
  shell: Shell,
  use: (list: AskedList) => Promise<void>,
): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const problems = options.csv && options.json ? ['say --csv or --json, not both'] : [];
  const asked = askedHours(options, deployment, 'until-now', shell, problems);
  if (!asked) return;
  const keys = await askPublishedKeys(deployment, shell);
  if (!keys) return;
  const { fromMs, toMs } = asked.range;
  const hours = asked.hours.map(parseHourName);
  const isAsked: AskedList['isAsked'] = (timeMs, offer, affiliate) =>
    timeMs >= fromMs && timeMs <= toMs && isIn(options.offer, offer) && isIn(options.affiliate, affiliate);
  await withConversions(deployment, keys, shell, ({ source, addOverCaps }) =>
    use({ source, keys, addOverCaps, hours, isAsked }),
  );
}

function isIn(ids: readonly number[] = [], id: unknown): boolean {
  return ids.length === 0 || ids.includes(Number(id));
}
