/** @import { CloudState, CountedHour, RegionState } from '../../handle.ts' */
import { formatAge, formatCount } from './format.js';

/** Older ones are for `keeptrack report`. */
const hoursMax = 4;

/**
 * How far counting is: up to when the newest hour is counted, and which hours are final.
 *
 * @param {CloudState} state
 * @param {RegionState} now
 * @returns {readonly (readonly string[])[]}
 */
export function figureRows({ nowMs }, { figures }) {
  const [newest] = figures;
  if (!newest) return [];
  const finals = figures.filter(isFinal).length;
  return [
    ['counted up to', `${formatAge(nowMs - newest.foldedToMs)} ago`, ''],
    ['hours', `${figures.length - finals} provisional, ${finals} final`, ''],
    ...figures.slice(0, hoursMax).map(hourRow),
  ];
}

/** @param {CountedHour} hour */
function isFinal({ revision, isOver }) {
  return revision > 0 && isOver;
}

/** @param {CountedHour} counted */
function hourRow(counted) {
  const { hour, revision, events } = counted;
  const standing = isFinal(counted) ? 'final' : 'provisional';
  const which = revision > 0 ? `${standing}, revision ${revision}` : standing;
  return [`${hour.replace('T', ' ')}:00 UTC`, which, `${formatCount(events)} events`];
}
