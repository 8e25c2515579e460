import { createHash } from 'node:crypto';
import { uuidTimeMs } from '../../core/event/uuid.ts';
import { hourStart, parseLogKey } from '../../core/log/log-key.ts';
import type { DrillCheck, Evidence } from '../evidence/evidence.ts';
import type { LogView, SegmentView } from '../evidence/log-view.ts';

/** I8: a key has the same lines in both logs, and the lines determine the key. */
export const sameLines: DrillCheck = (evidence) => [...evidence.logs.flatMap(ownProblems), ...differences(evidence)];

function ownProblems({ region, segments }: LogView): string[] {
  return [...segments].flatMap(([key, segment]) =>
    problemsOf(key, segment).map((problem) => `I8: ${region} ${key}: ${problem}`),
  );
}

function problemsOf(key: string, { lines, events, problems }: SegmentView): string[] {
  const parsed = parseLogKey(key);
  if (parsed === undefined) return ['the key is not a segment key'];
  // An erased segment keeps its key and has no lines.
  if (lines.length === 0 && problems.length === 0) return [];
  const ids = events.map(({ id }) => id);
  const found = [...problems];
  if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? '')))
    found.push('its lines are not sorted by id, each once');
  if (segmentId(ids) !== parsed.segmentId) found.push('its name is not the hash of its event ids');
  if (ids.some((id) => hourStart(uuidTimeMs(id)) !== parsed.hourStartMs)) found.push('it holds events of another hour');
  return found;
}

/** Does not use the core's function that names segments: a check must not share its defects. */
function segmentId(eventIds: readonly string[]): string {
  return createHash('sha256').update(eventIds.join('\n')).digest('hex').slice(0, 32);
}

function differences({ logs }: Evidence): string[] {
  const [first, ...others] = logs;
  if (first === undefined) return [];
  return others.flatMap(({ region, segments }) =>
    [...segments]
      .filter(([key, { lines }]) => {
        const same = first.segments.get(key);
        return same !== undefined && same.lines.join('\n') !== lines.join('\n');
      })
      .map(([key]) => `I8: ${key} has other lines in ${region} than in ${first.region}`),
  );
}
