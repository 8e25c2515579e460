/** @import { CloudState, RegionState } from '../../handle.ts' */
/** @import { createRate } from './rates.js' */
import { element, setText } from './dom.js';
import { formatAge, formatBytes, formatCount } from './format.js';
import { metricTotal } from './rates.js';
import { standing } from './waiting.js';

/** @typedef {ReturnType<typeof createRate>} Rate */

/** The way of an event through a region, one box for each step. */
export function createStages() {
  const stages = ['captured', 'intake', 'stored', 'log', 'counted'].map((name) => createStage(name));
  return {
    box: element('div', { class: 'flow' }, ...stages.map((stage) => stage.box)),
    /**
     * @param {CloudState} state
     * @param {RegionState} now
     * @param {{ captured: Rate, stored: Rate }} rates
     */
    show(state, now, rates) {
      rowsOf(state, now, rates).forEach(([value, note], index) => {
        const stage = stages[index];
        if (!stage) return;
        setText(stage.value, value ?? '');
        setText(stage.note, note ?? '');
      });
    },
  };
}

/** @param {string} name */
function createStage(name) {
  const value = element('strong');
  const note = element('span');
  return { box: element('div', { class: `stage stage-${name}` }, element('em', {}, name), value, note), value, note };
}

/**
 * @param {CloudState} state
 * @param {RegionState} now
 * @param {{ captured: Rate, stored: Rate }} rates
 * @returns {readonly (readonly string[])[]}
 */
function rowsOf(state, now, rates) {
  const intake = now.queues.find((queue) => queue.name.endsWith('-intake'));
  return [
    [formatCount(metricTotal(now, 'Captured')), perSecond(rates.captured)],
    [formatCount(standing(intake)), 'messages waiting'],
    [formatCount(metricTotal(now, 'EventsStored')), perSecond(rates.stored)],
    [formatCount(now.bucket.segments), logNote(state, now)],
    [formatCount(metricTotal(now, 'EventsCounted')), countedNote(state, now)],
  ];
}

/** @param {Rate} rate */
function perSecond(rate) {
  return `${rate.latest().toFixed(0)} a second`;
}

/** @param {CloudState} state @param {RegionState} now */
function logNote({ nowMs }, { bucket: { bytes, lastWrittenAtMs } }) {
  if (lastWrittenAtMs === undefined) return 'segments';
  return `segments, ${formatBytes(bytes)}, last ${formatAge(nowMs - lastWrittenAtMs)} ago`;
}

/** @param {CloudState} state @param {RegionState} now */
function countedNote({ nowMs }, { figures: [newest] }) {
  return newest === undefined ? 'nothing yet' : `up to ${formatAge(nowMs - newest.foldedToMs)} ago`;
}
