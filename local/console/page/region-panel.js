/** @import { CloudState, QueueState, RegionState } from '../../handle.ts' */
import { element, setText } from './dom.js';
import { inForce, presets } from './faults.js';
import { formatAge, formatBytes, formatCount } from './format.js';
import { checkRow, healthOf } from './health.js';
import { probeRows } from './probes.js';
import { createRate, metricByDimension, metricTotal } from './rates.js';
import { createSparkline } from './sparkline.js';
import { createTable } from './table.js';

/**
 * One region, made once and then updated in place, so that a button under the pointer stays the same button.
 *
 * @param {string} region
 * @param {(region: string, preset: (typeof presets)[number]) => void} onToggle
 */
export function createRegionPanel(region, onToggle) {
  const health = element('span', { class: 'pill' });
  const answers = element('span', { class: 'pill answers' }, 'answers the tracking name');
  const stages = ['captured', 'intake', 'stored', 'log'].map((name) => createStage(name));
  const sparkline = createSparkline();
  const tables = {
    rungs: createTable('Captured by'),
    waiting: createTable('Waiting'),
    functions: createTable('Functions'),
    checks: createTable('Health checks of Route 53'),
    probes: createTable('Newest probes'),
  };
  const danger = element('ul', { class: 'danger' });
  const buttons = presets.map((preset) => {
    const button = element('button', { type: 'button', title: preset.hint, 'aria-pressed': 'false' }, preset.label);
    button.addEventListener('click', () => onToggle(region, preset));
    return { preset, button };
  });
  const panel = element(
    'article',
    { class: 'region', 'data-region': region },
    element('h2', {}, region, ' ', health, ' ', answers),
    element('div', { class: 'flow' }, ...stages.map((stage) => stage.box)),
    sparkline.picture,
    element(
      'div',
      { class: 'buttons', role: 'group', 'aria-label': `Break ${region}` },
      ...buttons.map(({ button }) => button),
    ),
    danger,
    element(
      'div',
      { class: 'tables' },
      ...[tables.rungs, tables.waiting, tables.checks, tables.probes, tables.functions].map(({ box }) => box),
    ),
  );
  const rates = { captured: createRate(), stored: createRate() };

  /** @param {CloudState} state @param {RegionState} now */
  function update(state, now) {
    const checks = state.name.healthChecks.filter((check) => check.region === region);
    setText(health, healthOf(now, checks));
    health.classList.toggle('bad', !now.healthy);
    answers.hidden = !state.name.answers.some((answer) => answer.region === region);
    tables.checks.box.hidden = checks.length === 0;
    tables.checks.show(checks.map(checkRow));
    const probes = probeRows(state, now);
    tables.probes.box.hidden = probes.length === 0;
    tables.probes.show(probes);
    rates.captured.add(state.nowMs, metricTotal(now, 'Captured'));
    rates.stored.add(state.nowMs, metricTotal(now, 'EventsStored'));
    sparkline.draw([rates.captured.samples(), rates.stored.samples()]);
    showStages(stages, state, now, rates);
    tables.rungs.show(
      Object.entries(metricByDimension(now, 'Captured')).map(([rung, count]) => [rung, formatCount(count)]),
    );
    tables.waiting.show(now.queues.map(waitingRow));
    tables.functions.show(
      now.functions.map((one) => [
        one.name,
        `${one.environments} environment${one.environments === 1 ? '' : 's'}, ${one.busy} busy`,
        `${formatCount(one.invocations)} calls`,
        `${formatCount(one.errors)} errors`,
      ]),
    );
    danger.replaceChildren(...dangers(now).map((text) => element('li', {}, text)));
    for (const { preset, button } of buttons) {
      button.setAttribute('aria-pressed', String(inForce(state.faults, region, preset.fault) !== undefined));
    }
  }
  return { panel, update };
}

/** @param {string} name */
function createStage(name) {
  const value = element('strong');
  const note = element('span');
  return { box: element('div', { class: `stage stage-${name}` }, element('em', {}, name), value, note), value, note };
}

/**
 * @param {ReturnType<typeof createStage>[]} stages
 * @param {CloudState} state
 * @param {RegionState} now
 * @param {{ captured: ReturnType<typeof createRate>, stored: ReturnType<typeof createRate> }} rates
 */
function showStages(stages, state, now, rates) {
  const intake = now.queues.find((queue) => queue.name.endsWith('-intake'));
  const written = now.bucket.lastWrittenAtMs;
  const rows = [
    [formatCount(metricTotal(now, 'Captured')), `${rates.captured.latest().toFixed(0)} a second`],
    [formatCount(standing(intake)), 'messages waiting'],
    [formatCount(metricTotal(now, 'EventsStored')), `${rates.stored.latest().toFixed(0)} a second`],
    [
      `${formatCount(now.bucket.segments)} segments`,
      written === undefined
        ? 'nothing yet'
        : `${formatBytes(now.bucket.bytes)}, last ${formatAge(state.nowMs - written)} ago`,
    ],
  ];
  rows.forEach(([value, note], index) => {
    const stage = stages[index];
    if (!stage) return;
    setText(stage.value, value ?? '');
    setText(stage.note, note ?? '');
  });
}

/** @param {QueueState | undefined} queue */
function standing(queue) {
  return queue ? queue.visible + queue.inFlight + queue.delayed : 0;
}

/** @param {QueueState} queue */
function waitingRow(queue) {
  const age = standing(queue) === 0 ? '' : `oldest ${formatAge(queue.oldestAgeMs)}`;
  return [queue.name, formatCount(standing(queue)), age];
}

/**
 * What no region should ever show.
 *
 * @param {RegionState} now
 */
function dangers(now) {
  const deadLettered = now.queues.filter((queue) => queue.name.endsWith('-dead-letters') && standing(queue) > 0);
  return [
    ...[metricTotal(now, 'Unconfirmed')]
      .filter((count) => count > 0)
      .map((count) => `${formatCount(count)} clicks unconfirmed: no rung took them, they stand in the log only`),
    ...[metricTotal(now, 'ConversionsRefused')]
      .filter((count) => count > 0)
      .map((count) => `${formatCount(count)} conversions answered 503: their sender will try again`),
    ...deadLettered.map((queue) => `${formatCount(standing(queue))} messages in ${queue.name}`),
    ...now.denied.slice(-3).map((call) => `not granted: ${call}`),
  ];
}
