import {
  type AlertState,
  alertStateKey,
  mergeAlertStates,
  noAlertState,
  parseAlertState,
  type RuleReading,
} from '../../../core/alerts/alert-state.ts';
import { ruleText } from '../../../core/alerts/alert-text.ts';
import { type Episode, isOpen, sourceOf } from '../../../core/alerts/episodes.ts';
import { answerText, callOutcome } from '../../../core/call-outcome.ts';
import type { AlertRule } from '../../../core/catalog/alert-rule.ts';
import { utcText } from '../../cli/format.ts';
import type { GlobalOptions } from '../../cli/global-options.ts';
import type { Shell } from '../../cli/shell.ts';
import { tableLines } from '../../cli/text-table.ts';
import { type Deployment, openDeployment } from '../../clients/deployment.ts';
import { openLogClient } from '../../clients/log-client.ts';
import { anyPublishedCatalog } from '../../clients/published-catalog.ts';

/** Exit code 1 when the catalog or a copy of the state cannot be read. */
export async function listAlerts(options: GlobalOptions, shell: Shell): Promise<void> {
  const deployment = await openDeployment(options, shell);
  if (!deployment) return;
  const [catalog, copies] = await Promise.all([anyPublishedCatalog(deployment), readCopies(deployment)]);
  const unread = copies.flatMap((copy) => ('reason' in copy ? [`${copy.region}: ${copy.reason}`] : []));
  const problems = [
    ...(catalog === undefined ? ['no published catalog can be read, so its rules are not known'] : []),
    ...unread,
  ];
  const state = copies.reduce<AlertState>(
    (known, copy) => ('state' in copy ? mergeAlertStates(known, copy.state) : known),
    noAlertState,
  );
  const listed = { rules: listRules(catalog?.alerts ?? [], state), others: openOthers(state) };
  if (options.json) shell.out(JSON.stringify({ ...judgedTo(state), ...listed }, null, 2));
  else for (const line of listLines(state, listed)) shell.out(line);
  for (const problem of problems) shell.error(problem);
  if (problems.length > 0) shell.exitWith(1);
}

type Copy = { readonly region: string } & ({ readonly state: AlertState } | { readonly reason: string });

function readCopies(deployment: Deployment): Promise<readonly Copy[]> {
  return Promise.all(
    deployment.regions.map(async (region): Promise<Copy> => {
      const log = openLogClient(deployment, region);
      try {
        const object = await log.get(alertStateKey);
        if (object.kind === 'failed') {
          const isMissing = callOutcome(object.answer) === 'missing';
          return { region, ...(isMissing ? { state: noAlertState } : { reason: answerText(object.answer) }) };
        }
        const state = parseAlertState(object.value.body);
        return { region, ...(state ? { state } : { reason: `${alertStateKey} cannot be understood` }) };
      } finally {
        log.close();
      }
    }),
  );
}

interface ListedRule {
  readonly rule: AlertRule;
  readonly state: 'ALERT' | 'ok' | 'quiet';
  readonly figures: string;
  /** The last one. */
  readonly episode?: Episode;
}

function listRules(rules: readonly AlertRule[], state: AlertState): readonly ListedRule[] {
  return rules.map((rule) => {
    const reading = state.rules.readings.find(({ id }) => id === rule.id);
    const episode = state.episodes.find(({ key }) => key === `rule/${rule.id}`);
    const figures = reading?.says ?? 'not judged yet';
    return { rule, state: stateOf(reading, episode), figures, ...(episode && { episode }) };
  });
}

function stateOf(reading: RuleReading | undefined, episode: Episode | undefined): ListedRule['state'] {
  if (episode !== undefined && isOpen(episode)) return 'ALERT';
  return reading === undefined || reading.verdict === 'unknown' ? 'quiet' : 'ok';
}

/** Open alerts of caps and postbacks. */
function openOthers({ episodes }: AlertState): readonly Episode[] {
  return episodes.filter((episode) => sourceOf(episode.key) !== 'rule' && isOpen(episode));
}

function judgedTo({ rules: { hourEndMs } }: AlertState) {
  return { judgedTo: hourEndMs === 0 ? null : new Date(hourEndMs).toISOString() };
}

function listLines(
  state: AlertState,
  { rules, others }: { readonly rules: readonly ListedRule[]; readonly others: readonly Episode[] },
): readonly string[] {
  const { hourEndMs } = state.rules;
  const judged = hourEndMs === 0 ? 'no hour was judged yet' : `judged: the hour to ${utcText(hourEndMs)}`;
  return [
    ...(rules.length === 0 ? ['the catalog has no rules of alerts'] : [judged]),
    ...(rules.length === 0 ? [] : tableLines([['id', 'rule', 'state', 'figures', 'last told'], ...rules.map(rowOf)])),
    ...others.map((episode) => `${episode.says} (${episodeText(episode)})`),
  ];
}

function rowOf({ rule, state, figures, episode }: ListedRule): readonly string[] {
  return [`${rule.id}`, ruleText(rule), state, figures, episode ? episodeText(episode) : 'never'];
}

function episodeText({ beganAtMs, endedAtMs, toldAtMs }: Episode): string {
  const until = endedAtMs === undefined ? '' : ` to ${utcText(endedAtMs)}`;
  const told = toldAtMs === undefined ? ', no message could be sent' : '';
  return `${endedAtMs === undefined ? 'since ' : ''}${utcText(beganAtMs)}${until}${told}`;
}
