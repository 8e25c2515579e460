import { closesAtMs } from '../../../core/ledger/hour-state.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import type { Shell } from '../../cli/shell.ts';
import { utc } from '../../cli/switch-text.ts';
import { utcHour } from '../../cli/utc-hour.ts';

/** Those whose figures may be made final now; of each other one a line on stderr says why it is left out. */
export function closedHours(
  hours: readonly string[],
  { clock, error }: Pick<Shell, 'clock' | 'error'>,
): readonly string[] {
  const nowMs = clock.nowMs();
  return hours.filter((hour) => {
    const closedAtMs = closesAtMs(parseHourName(hour));
    if (closedAtMs <= nowMs) return true;
    error(
      `${utcHour(hour)} is left out: its events still come in, and its figures stay provisional. The ledger makes it final by itself soon after ${utc(closedAtMs)}.`,
    );
    return false;
  });
}
