import { type HourState, isFinal } from '../../core/ledger/hour-state.ts';
import { limits } from '../../core/limits/limits.ts';
import { parseHourName } from '../../core/log/log-key.ts';
import { plural, utcHour } from '../cli/format.ts';
import { FiguresFailure, type FiguresReader } from './figures-reader.ts';
import { keptStates } from './kept-figures.ts';

/** One region's states of the hours that are asked for, by hour. */
export interface RegionStates {
  readonly reader: FiguresReader;
  readonly states: ReadonlyMap<string, HourState>;
}

export type OfSomeRegion<T> =
  /** `reasons`: why the figures are not those of the first region. */
  | { readonly kind: 'ok'; readonly value: T; readonly reasons: readonly string[] }
  /** `reasons`: why each of the regions could not be read. */
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

/**
 * The result of `use` for one region's figures: the first region that can be read, unless it is behind the other one.
 * Both regions count the same events, so figures of two regions are never mixed.
 */
export async function ofFresherRegion<T>(
  readers: readonly FiguresReader[],
  hours: readonly string[],
  use: (of: RegionStates) => Promise<T>,
): Promise<OfSomeRegion<T>> {
  const reasons: string[] = [];
  const noted = <Value>(work: Promise<Value>) => work.catch((error: unknown) => void reasons.push(failureIn(error)));
  const answered = await Promise.all(
    readers.map((reader) => noted(keptStates(reader, hours).then((states): RegionStates => ({ reader, states })))),
  );
  const known = answered.filter((one) => one !== undefined);
  for (const of of inOrder(known, hours, reasons)) {
    const value = await noted(use(of).then((result) => ({ result })));
    if (value !== undefined) return { kind: 'ok', value: value.result, reasons };
  }
  return { kind: 'failed', reasons };
}

function failureIn(error: unknown): string {
  if (error instanceof FiguresFailure) return error.message;
  throw error;
}

function inOrder(answered: readonly RegionStates[], hours: readonly string[], reasons: string[]) {
  const [first, second] = answered;
  if (first === undefined || second === undefined) return answered;
  const behind = hoursBehind(first, second, hours);
  if (behind.length <= hoursBehind(second, first, hours).length) return answered;
  const some = behind.slice(0, namedMax).map(utcHour).join(', ');
  const more = behind.length > namedMax ? `, ${behind.length - namedMax} more` : '';
  reasons.push(
    `the figures of ${first.reader.region} are behind those of ${second.reader.region} in ${plural(behind.length, 'hour')} (${some}${more})`,
  );
  return [second, first];
}

const namedMax = 3;

function hoursBehind(of: RegionStates, other: RegionStates, hours: readonly string[]): readonly string[] {
  return hours.filter((hour) => isBehind(hour, of.states.get(hour), other.states.get(hour)));
}

const { behindMs } = limits.report;

/**
 * Final figures are never behind. Provisional figures are behind when two things hold: they lack segments that the other
 * region counted, and they were counted much earlier. Some segments more or less are usual, because the two regions count
 * at different moments.
 */
function isBehind(hour: string, own: HourState | undefined, other: HourState | undefined): boolean {
  if (other === undefined || (own && isFinal(own))) return false;
  const ownMs = own?.foldedToMs ?? parseHourName(hour);
  return other.segments > (own?.segments ?? 0) && other.foldedToMs - ownMs > behindMs;
}
