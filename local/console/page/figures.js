/** @import { CloudState, CountedHour, QueueState, RegionState } from '../../handle.ts' */
import { formatAge, formatCount } from './format.js';
import { standing, waitingRow } from './waiting.js';

/** Older ones are for `keeptrack report`. */
const hoursMax = 4;

/** @param {QueueState} queue */
export function isOfFigures(queue) {
  return /-stats(-failure)?$/.test(queue.name);
}

/**
 * How far counting is: when it counted last, which hours are final, and what waits to be counted.
 *
 * @param {CloudState} state
 * @param {RegionState} now
 * @returns {readonly (readonly string[])[]}
 */
export function figureRows({ nowMs }, { figures, queues }) {
  if (!figures) return [];
  const { countedAtMs, hours, items } = figures;
  const finals = hours.filter(({ final, isOver }) => final && isOver).length;
  return [
    ['last counted', countedAtMs === undefined ? 'nothing yet' : `${formatAge(nowMs - countedAtMs)} ago`, ''],
    ['hours', `${hours.length - finals} provisional, ${finals} final`, ''],
    ...hours.slice(0, hoursMax).map(hourRow),
    ...queues.filter(isOfFigures).map(waitingRow),
    [figures.table, `${formatCount(items)} items`, ''],
  ];
}

/**
 * Segments that stand in the queue of those that could not be counted.
 *
 * @param {RegionState} region
 */
export function uncounted({ queues }) {
  return standing(queues.find((queue) => queue.name.endsWith('-stats-failure')));
}

/** @param {CountedHour} hour */
function hourRow({ hour, segments, isReopened, isOver, final }) {
  const name = `${hour.replace('T', ' ')}:00 UTC`;
  if (!final) return [name, 'provisional', `${formatCount(segments)} segments`];
  if (!isOver) return [name, `provisional, revision ${final.revision}`, `${formatCount(final.events)} events`];
  const again = isReopened ? ', to be made anew' : '';
  return [name, `final, revision ${final.revision}${again}`, `${formatCount(final.events)} events`];
}
