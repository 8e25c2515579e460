/** @import { CloudState, RegionState } from '../../handle.ts' */
/** @import { Accounts } from '../accounts.ts' */
import { lastingGap } from './accounts.js';
import { dangers } from './dangers.js';
import { element, setText } from './dom.js';
import { inForce, presets } from './faults.js';
import { healthOf } from './health.js';
import { createRate, metricTotal } from './rates.js';
import { createRegionTables } from './region-tables.js';
import { createSparkline } from './sparkline.js';
import { createStages } from './stages.js';

/**
 * One region, made once and then updated in place, so that a button under the pointer stays the same button.
 *
 * @param {string} region
 * @param {(region: string, preset: (typeof presets)[number]) => void} onToggle
 */
export function createRegionPanel(region, onToggle) {
  const health = element('span', { class: 'pill' });
  const answers = element('span', { class: 'pill answers' }, 'answers the tracking name');
  const stages = createStages();
  const sparkline = createSparkline();
  const buttons = createButtons(region, onToggle);
  const danger = element('ul', { class: 'danger' });
  const tables = createRegionTables();
  const panel = element(
    'article',
    { class: 'region', 'data-region': region },
    element('h2', {}, region, ' ', health, ' ', answers),
    stages.box,
    sparkline.picture,
    buttons.box,
    danger,
    tables.box,
  );
  const rates = { captured: createRate(), stored: createRate() };
  let gap = 0;

  /** @param {CloudState} state @param {RegionState} now */
  function update(state, now) {
    setText(
      health,
      healthOf(
        now,
        state.name.healthChecks.filter((check) => check.region === region),
      ),
    );
    health.classList.toggle('bad', !now.healthy);
    answers.hidden = !state.name.answers.some((answer) => answer.region === region);
    rates.captured.add(state.nowMs, metricTotal(now, 'Captured'));
    rates.stored.add(state.nowMs, metricTotal(now, 'EventsStored'));
    sparkline.draw([rates.captured.samples(), rates.stored.samples()]);
    stages.show(state, now, rates);
    tables.show(state, now);
    danger.replaceChildren(...dangers(now, gap).map((text) => element('li', {}, text)));
    buttons.show(state);
  }

  /** @param {Accounts} accounts @param {Accounts | undefined} earlier */
  function account(accounts, earlier) {
    gap = lastingGap(earlier, accounts, region);
    tables.account(accounts, region);
  }
  return { panel, update, account };
}

/**
 * @param {string} region
 * @param {(region: string, preset: (typeof presets)[number]) => void} onToggle
 */
function createButtons(region, onToggle) {
  const buttons = presets.map((preset) => {
    const button = element('button', { type: 'button', title: preset.hint, 'aria-pressed': 'false' }, preset.label);
    button.addEventListener('click', () => onToggle(region, preset));
    return { preset, button };
  });
  const box = element('div', { class: 'buttons', role: 'group', 'aria-label': `Break ${region}` });
  box.append(...buttons.map(({ button }) => button));
  return {
    box,
    /** @param {CloudState} state */
    show(state) {
      for (const { preset, button } of buttons) {
        button.setAttribute('aria-pressed', String(inForce(state.faults, region, preset.fault) !== undefined));
      }
    },
  };
}
