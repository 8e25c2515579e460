import { figuresTableName } from '../core/config/resource-names.ts';
import { hourStateKey, markerKey, reopenKey } from '../core/figures/table-keys.ts';
import { hourMs, hourName, recentHours } from '../core/log/log-key.ts';
import type { CountedHour, FiguresState } from './handle.ts';
import type { AttributeMap } from './model/table/attribute-value.ts';
import type { TableModel } from './model/table/table.ts';

/** Enough for the scenarios of drills, and for most visits to the console. */
const hoursMax = 24;

export function isFiguresTable({ settings }: TableModel): boolean {
  return settings.name.endsWith(figuresTableName({ name: '', account: '' }));
}

/** Reads the model directly, so that the console's reads cost no units and faults do not strike them. */
export function figuresState(table: TableModel, nowMs: number): FiguresState {
  const { settings, ...usage } = { settings: table.settings, ...table.usage() };
  const hours = recentHours(nowMs, hoursMax).map((startMs) => hourState(table, startMs, nowMs));
  return {
    table: settings.name,
    items: usage.items,
    hours: hours.filter(({ segments, final }) => segments > 0 || final !== undefined),
  };
}

function hourState(table: TableModel, startMs: number, nowMs: number): CountedHour {
  const hour = hourName(startMs);
  const state = find(table, hourStateKey(hour));
  return {
    hour,
    segments: segmentsCounted(table, hour),
    isOver: startMs + hourMs <= nowMs,
    isReopened: find(table, reopenKey(hour)) !== undefined,
    ...(state && {
      final: {
        revision: numberIn(state, 'revision'),
        cause: textIn(state, 'cause'),
        events: numberIn(state, 'events'),
        atMs: numberIn(state, 'finalized_at'),
      },
    }),
  };
}

/** Each counted segment has exactly one chunk with the number 0. */
function segmentsCounted(table: TableModel, hour: string): number {
  const { pk } = markerKey(hour, '', 0);
  const markers =
    table
      .source(undefined)
      .items.partition({ pk: { S: pk } })
      ?.items.values() ?? [];
  return [...markers].filter((marker) => textIn(marker, 'sk').endsWith('#0')).length;
}

function find(table: TableModel, { pk, sk }: { readonly pk: string; readonly sk: string }): AttributeMap | undefined {
  return table.find({ pk: { S: pk }, sk: { S: sk } });
}

function numberIn(item: AttributeMap, name: string): number {
  const value = item[name];
  return value !== undefined && 'N' in value ? Number(value.N) : 0;
}

function textIn(item: AttributeMap, name: string): string {
  const value = item[name];
  return value !== undefined && 'S' in value ? value.S : '';
}
