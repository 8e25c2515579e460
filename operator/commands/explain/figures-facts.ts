import { uuidTimeMs } from '../../../core/event/uuid.ts';
import type { HourState } from '../../../core/ledger/hour-state.ts';
import { hourName, hourStart } from '../../../core/log/log-key.ts';
import { FiguresFailure, type FiguresReader } from '../../figures/figures-reader.ts';

/** Facts about one event in one region's figures. */
export interface FiguresFacts {
  /** What is in force of the event's hour. Absent when nothing of it was counted yet. */
  readonly hour?: CountedHour;
  /** The id of the first conversion of the event's conversion key. */
  readonly firstId?: string;
}

export type CountedHour = Pick<HourState, 'revision' | 'cause' | 'atMs' | 'foldedToMs' | 'unreadable'>;

export type AskedFigures =
  | { readonly kind: 'known'; readonly facts: FiguresFacts }
  | { readonly kind: 'unknown'; readonly reason: string };

type Reader = Pick<FiguresReader, 'hourStates' | 'firstConversions'>;

/** `conversion`: the event's conversion key. */
export async function factsAbout(
  reader: Reader,
  eventId: string,
  conversion: string | undefined,
): Promise<AskedFigures> {
  const hour = hourName(hourStart(uuidTimeMs(eventId)));
  try {
    const [states, firsts] = await Promise.all([
      reader.hourStates([hour]),
      reader.firstConversions(conversion === undefined ? [] : [conversion]),
    ]);
    const state = states.get(hour);
    const [firstId] = firsts.values();
    return { kind: 'known', facts: { ...(state && { hour: state }), ...(firstId !== undefined && { firstId }) } };
  } catch (error) {
    if (error instanceof FiguresFailure) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}

/** Starts of the hours that have the first conversions of these keys. Undefined when the index cannot be read. */
export async function hoursOfFirsts(reader: Reader, keys: readonly string[]): Promise<readonly number[] | undefined> {
  try {
    const firsts = await reader.firstConversions(keys);
    return [...firsts.values()].map((id) => hourStart(uuidTimeMs(id)));
  } catch (error) {
    if (error instanceof FiguresFailure) return undefined;
    throw error;
  }
}
