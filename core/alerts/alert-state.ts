import { compareTexts } from '../event/event.ts';
import { limits } from '../limits/limits.ts';
import { parseObject } from '../parse-json.ts';
import { type Episode, mergeEpisodes } from './episodes.ts';

/** The key of what is told and what is not, in each log bucket. One region writes at a time, and copies it to the other. */
export const alertStateKey = 'alerts/state.json';

export interface AlertState {
  /** Sorted by key. */
  readonly episodes: readonly Episode[];
  readonly rules: RuleReadings;
}

/** How the rules of the catalog stood when an hour was last judged. For people. */
export interface RuleReadings {
  /** The end of the hour, ms since the epoch. 0 when no hour was judged. */
  readonly hourEndMs: number;
  readonly readings: readonly RuleReading[];
}

export interface RuleReading {
  readonly id: number;
  readonly verdict: 'out' | 'near' | 'within' | 'unknown';
  /** The measure and its bound, or why nothing can be said. */
  readonly says: string;
}

export const noAlertState: AlertState = { episodes: [], rules: { hourEndMs: 0, readings: [] } };

/** The order of the two copies does not matter. */
export function mergeAlertStates(one: AlertState, other: AlertState): AlertState {
  const [older, newer] = [one.rules, other.rules].sort(
    (a, b) => a.hourEndMs - b.hourEndMs || compareTexts(JSON.stringify(a), JSON.stringify(b)),
  );
  return { episodes: mergeEpisodes(one.episodes, other.episodes), rules: newer ?? older ?? noAlertState.rules };
}

export function encodeAlertState({ episodes, rules }: AlertState): Uint8Array {
  return Buffer.from(`${JSON.stringify({ v: 1, rules, episodes }, null, 1)}\n`);
}

/** Undefined when the bytes are no state of this release. */
export function parseAlertState(bytes: Uint8Array): AlertState | undefined {
  if (bytes.length > limits.alerts.stateBytesMax) return undefined;
  const value = parseObject(Buffer.from(bytes).toString('utf8'));
  if (value?.['v'] !== 1 || !Array.isArray(value['episodes'])) return undefined;
  const { episodes, rules } = value as { readonly episodes: readonly unknown[]; readonly rules: unknown };
  if (!episodes.every(isEpisode) || !isReadings(rules)) return undefined;
  return { episodes, rules };
}

function isEpisode(value: unknown): value is Episode {
  if (!isFields(value)) return false;
  const optional = ['endedAtMs', 'toldAtMs', 'sendingUntilMs'];
  return (
    ['key', 'of', 'says'].every((name) => typeof value[name] === 'string') &&
    ['beganAtMs', 'knownAtMs', 'atMs'].every((name) => typeof value[name] === 'number') &&
    optional.every((name) => value[name] === undefined || typeof value[name] === 'number')
  );
}

function isReadings(value: unknown): value is RuleReadings {
  if (!isFields(value) || typeof value['hourEndMs'] !== 'number') return false;
  return Array.isArray(value['readings']) && value['readings'].every(isReading);
}

function isReading(value: unknown): value is RuleReading {
  if (!isFields(value) || typeof value['id'] !== 'number') return false;
  return typeof value['says'] === 'string' && ['out', 'near', 'within', 'unknown'].includes(String(value['verdict']));
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
