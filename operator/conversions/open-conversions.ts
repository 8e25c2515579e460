import type { OperatorKeys } from '../../core/keys/operator-keys.ts';
import type { Shell } from '../cli/shell.ts';
import { withBothLogs } from '../clients/both-logs.ts';
import type { Deployment } from '../clients/deployment.ts';
import { anyPublishedCatalog } from '../clients/published-catalog.ts';
import { calendarOf } from '../figures/calendar.ts';
import { withFigures } from '../figures/open-figures.ts';
import { ConversionsUnreadable } from './conversion-source.ts';
import type { ConversionsPlace } from './find-conversions.ts';
import { foldSource } from './fold-source.ts';
import { overCapsIn } from './over-caps.ts';

/**
 * Calls `use` with the place where conversions are found. When they cannot be read as a whole, prints why and sets exit
 * code 1. One region is enough.
 */
export async function withConversions(
  deployment: Deployment,
  keys: OperatorKeys,
  shell: Shell,
  use: (place: ConversionsPlace) => Promise<void>,
): Promise<void> {
  const catalog = await anyPublishedCatalog(deployment);
  try {
    await withFigures(deployment, deployment.regions, shell, (indexes) =>
      withBothLogs(deployment, (logs) => {
        const addOverCaps = overCapsIn(indexes, calendarOf(deployment.config.reporting.timeZone).dayOf);
        return use({ source: foldSource(logs, shell), indexes, keys, addOverCaps, catalog });
      }),
    );
  } catch (error) {
    if (!(error instanceof ConversionsUnreadable)) throw error;
    shell.error(error.message);
    shell.error('Not every conversion could be read, so the command did nothing.');
    shell.exitWith(1);
  }
}
