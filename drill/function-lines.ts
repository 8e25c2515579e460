import { parseLine, type TrackedEvent } from '../core/event.ts';
import type { LocalCloud } from '../local/handle.ts';

/** An event that stands whole in a function's log: no rung took it, and an operator's command can bring it back in. */
export interface FunctionLine {
  readonly region: string;
  readonly event: TrackedEvent;
}

/** Reads structured log lines; the event may be in any field, as an object or as the line that it would have been. */
export function readFunctionLines(cloud: LocalCloud): readonly FunctionLine[] {
  return cloud.regions.flatMap((region) =>
    cloud.functionLogs(region).flatMap(({ line }) => eventsIn(line).map((event) => ({ region, event }))),
  );
}

function eventsIn(line: string): TrackedEvent[] {
  if (!line.includes('seq')) return [];
  return Object.values(parseObject(line)).flatMap((value) => {
    const parsed = parseLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
    return parsed.kind === 'event' ? [parsed.event] : [];
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
