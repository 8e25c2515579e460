import { closesAtMs } from '../../../core/ledger/hour-state.ts';
import { parseHourName } from '../../../core/log/log-key.ts';
import { utcHour, utcText } from '../../cli/format.ts';
import type { Shell } from '../../cli/shell.ts';

/** The hours whose figures may be made final now. Prints why each other hour is left out. */
export function closedHours(
  hours: readonly string[],
  { clock, error }: Pick<Shell, 'clock' | 'error'>,
): readonly string[] {
  const nowMs = clock.nowMs();
  return hours.filter((hour) => {
    const closedAtMs = closesAtMs(parseHourName(hour));
    if (closedAtMs <= nowMs) return true;
    error(
      `${utcHour(hour)} is left out: its events still come in, and its figures stay provisional. The ledger makes it final by itself soon after ${utcText(closedAtMs)}.`,
    );
    return false;
  });
}
