/** @import { CloudState } from '../../handle.ts' */
/** @import { Accounts } from '../accounts.ts' */
import { byId, element, setText } from './dom.js';
import { describeFault, inForce, presets } from './faults.js';
import { formatCount } from './format.js';
import { answersText, clientsText } from './name.js';
import { createRegionPanel } from './region-panel.js';
import { createTraffic } from './traffic.js';

const refreshMs = 1000;
/** Each look reads all new segments, so it is taken less often. */
const accountsMs = 3000;
const sampleLink = '/aff_c?offer_id=15&aff_id=145001&url_id=902';

/** @type {Map<string, ReturnType<typeof createRegionPanel>>} */
const panels = new Map();
/** @type {CloudState | undefined} */
let current;
/** @type {Accounts | undefined} */
let latestAccounts;

const traffic = createTraffic(20, () => (current ? `${current.urls.name}${sampleLink}` : undefined));
byId('traffic').addEventListener('click', (event) => {
  const on = traffic.toggle();
  /** @type {Element} */ (event.currentTarget).setAttribute('aria-pressed', String(on));
});
byId('heal-all').addEventListener('click', () => {
  for (const fault of current?.faults ?? []) void change('DELETE', `/api/faults/${fault.id}`);
});
void refresh();
void refreshAccounts();

async function refresh() {
  try {
    const response = await fetch('/api/state');
    show(/** @type {CloudState} */ (await response.json()));
    byId('connection').hidden = true;
  } catch {
    byId('connection').hidden = false;
  }
  setTimeout(refresh, refreshMs);
}

/** Whether the cloud answers, the other refresh tells. */
async function refreshAccounts() {
  try {
    const accounts = /** @type {Accounts} */ (await (await fetch('/api/accounts')).json());
    for (const { account } of panels.values()) account(accounts, latestAccounts);
    latestAccounts = accounts;
  } catch {
    latestAccounts = undefined;
  }
  setTimeout(refreshAccounts, accountsMs);
}

/** @param {CloudState} state */
function show(state) {
  current = state;
  const name = byId('name');
  setText(name, state.urls.name.replace('http://', ''));
  name.setAttribute('href', state.urls.name);
  byId('one-click').setAttribute('href', `${state.urls.name}${sampleLink}`);
  setText(byId('name-answers'), answersText(state));
  setText(byId('name-clients'), clientsText(state));
  for (const region of state.regions) panelOf(region.region).update(state, region);
  byId('faults').replaceChildren(...state.faults.map(faultItem));
  byId('calls').replaceChildren(
    ...Object.entries(state.calls)
      .sort((left, right) => right[1] - left[1])
      .flatMap(([action, count]) => [element('dt', {}, action), element('dd', {}, formatCount(count))]),
  );
}

/** @param {string} region */
function panelOf(region) {
  const known = panels.get(region);
  if (known) return known;
  const made = createRegionPanel(region, toggleFault);
  panels.set(region, made);
  byId('regions').append(made.panel);
  return made;
}

/** @param {CloudState['faults'][number]} fault */
function faultItem(fault) {
  const heal = element('button', { type: 'button', 'aria-label': `Heal ${describeFault(fault)}` }, 'heal');
  heal.addEventListener('click', () => void change('DELETE', `/api/faults/${fault.id}`));
  return element('li', {}, describeFault(fault), ' ', heal);
}

/** @param {string} region @param {(typeof presets)[number]} preset */
function toggleFault(region, preset) {
  const active = inForce(current?.faults ?? [], region, preset.fault);
  if (active) void change('DELETE', `/api/faults/${active.id}`);
  else void change('POST', '/api/faults', { region, ...preset.fault });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function change(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const problem = byId('problem');
  problem.hidden = response.ok;
  if (!response.ok) setText(problem, problemsIn(await response.json()));
}

/** @param {{ problems: readonly string[] }} refusal */
function problemsIn({ problems }) {
  return problems.join('; ');
}
