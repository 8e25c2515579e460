import { type LoggedEvent, parseLine } from '../../core/event/event.ts';
import { parseObject } from '../../core/parse-json.ts';
import type { LocalCloud } from '../../local/handle.ts';

/** The field of a log line that carries the whole event: `track` answered anyway, or refused the request with 503. */
const outcomes = ['unconfirmed', 'refused'] as const;

/** An event that no rung took, read from a function's log. */
export interface FunctionLine {
  readonly outcome: (typeof outcomes)[number];
  readonly event: LoggedEvent;
}

export function readFunctionLines(cloud: LocalCloud): readonly FunctionLine[] {
  return cloud.regions.flatMap((region) => cloud.functionLogs(region).flatMap(({ line }) => eventsIn(line)));
}

function eventsIn(line: string): FunctionLine[] {
  const fields = parseObject(line) ?? {};
  return outcomes.flatMap((outcome) => {
    const parsed = parseLine(JSON.stringify(fields[outcome]) ?? '');
    return parsed.kind === 'event' ? [{ outcome, event: parsed.event }] : [];
  });
}
