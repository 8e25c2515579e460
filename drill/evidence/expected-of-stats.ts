import type { CatalogText } from '../oracle/catalog-text.ts';
import { hourOfEvent } from '../oracle/event-time.ts';
import type { ExpectedEvent } from '../oracle/expected-event.ts';
import { expectedFigures, type FiguresByRow, hourOfRow } from '../oracle/expected-figures.ts';

const hourMs = 3_600_000;
/** `stats` makes figures of the running hour and of the two hours before. */
const hoursOfStats = 3;

/** The expected figures without events and rows of older hours, because the ledger alone makes figures of those. */
export function expectedOfStats(events: readonly ExpectedEvent[], catalog: CatalogText, nowMs: number): FiguresByRow {
  const isRecent = (hour: string) => hoursAgo(hour, nowMs) < hoursOfStats;
  const figures = expectedFigures(
    events.filter(({ id }) => isRecent(hourOfEvent(id))),
    catalog,
  );
  return { ...figures, rows: new Map([...figures.rows].filter(([row]) => isRecent(hourOfRow(row)))) };
}

/** How many hours ago an hour began; 0 for the running one. `hour`: for example `2026-11-23T05`. */
function hoursAgo(hour: string, nowMs: number): number {
  return Math.floor(nowMs / hourMs) - Date.parse(`${hour}:00Z`) / hourMs;
}
