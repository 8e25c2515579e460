/** @import { CloudState, RegionState } from '../../handle.ts' */
/** @import { Accounts } from '../accounts.ts' */
import { accountRows } from './accounts.js';
import { element } from './dom.js';
import { figureRows } from './figures.js';
import { formatAge, formatCount } from './format.js';
import { checkRow } from './health.js';
import { probeRows } from './probes.js';
import { metricByDimension } from './rates.js';
import { createTable } from './table.js';
import { waitingRow } from './waiting.js';

/** A region in detail; a table that has nothing to say is not there. */
export function createRegionTables() {
  const rungs = createTable('Captured by');
  const figures = createTable('Figures');
  const accounts = createTable('Where each captured event is');
  const waiting = createTable('Waiting');
  const checks = createTable('Health checks of Route 53');
  const probes = createTable('Newest probes');
  const functions = createTable('Functions');
  const messages = createTable('Messages to the alarm address');
  messages.box.classList.add('messages');
  accounts.show([]);
  return {
    box: element(
      'div',
      { class: 'tables' },
      ...[rungs, figures, accounts, waiting, checks, probes, functions, messages].map(({ box }) => box),
    ),
    /** @param {CloudState} state @param {RegionState} now */
    show(state, now) {
      rungs.show(Object.entries(metricByDimension(now, 'Captured')).map(([rung, count]) => [rung, formatCount(count)]));
      figures.show(figureRows(state, now));
      waiting.show(now.queues.map(waitingRow));
      checks.show(state.name.healthChecks.filter((check) => check.region === now.region).map(checkRow));
      probes.show(probeRows(state, now));
      functions.show(now.functions.map(functionRow));
      messages.show(now.messages.map((message) => messageRow(message, state.nowMs)));
    },
    /** @param {Accounts} of @param {string} region */
    account(of, region) {
      accounts.show(accountRows(of, region));
    },
  };
}

/** @param {RegionState['messages'][number]} message @param {number} nowMs */
function messageRow({ atMs, subject = '', body }, nowMs) {
  return [`${formatAge(nowMs - atMs)} ago`, subject, body];
}

/** @param {RegionState['functions'][number]} one */
function functionRow({ name, environments, busy, invocations, errors, failedStarts }) {
  return [
    name,
    `${environments} environment${environments === 1 ? '' : 's'}, ${busy} busy`,
    `${formatCount(invocations)} calls`,
    `${formatCount(errors + failedStarts)} errors`,
  ];
}
